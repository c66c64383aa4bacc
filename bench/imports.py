"""How fast files are read into events, and in how much memory: each format at two sizes, each run in a process of its own.

    python bench/imports.py [--messages 50000 500000] [--only telegram irc] [--chat-miner]

Beside Telegram stand Python's own json.load of the same file, which does less and sets a floor, and with `--chat-miner` the
package chat-miner 0.6 in a virtual environment made for the run: once up to its list of messages, once up to the data frame
its users work with. Sizes are messages; seconds are processor time, so that a busy machine does not blur the comparison; memory
is the highest resident size of the process, less what it had when everything was imported.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from zoneinfo import ZoneInfo

from export_files import MAKERS

from huoqun.carriers import registry


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure_ours(place: Path) -> dict[str, float]:
    before, start = peak(), time.process_time()
    setting = registry.Setting(community="bench", zone=ZoneInfo("Asia/Shanghai"), account="bench")
    count = sum(1 for _ in registry.read(registry.recognise([place]), setting))
    return {"count": count, "seconds": time.process_time() - start, "mib": peak() - before}


def measure_json_load(place: Path) -> dict[str, float]:
    before, start = peak(), time.process_time()
    with place.open(encoding="utf-8") as file:
        count = len(json.load(file)["messages"])
    return {"count": count, "seconds": time.process_time() - start, "mib": peak() - before}


CHAT_MINER = """
import json, logging, resource, sys, time
from chatminer.chatparsers import TelegramJsonParser
logging.disable(logging.CRITICAL)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
before, start = peak(), time.process_time()
parser = TelegramJsonParser(sys.argv[1])
parser.parse_file()
if sys.argv[2] == "frame":
    parser.parsed_messages.get_df()
print(json.dumps({"count": int(sys.argv[3]), "seconds": time.process_time() - start, "mib": peak() - before}))
"""


def chat_miner(folder: Path) -> Path | None:
    """A Python that has chat-miner; None, said aloud, where it cannot be installed."""
    home = folder / "chat-miner"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    done = subprocess.run(
        [python, "-m", "pip", "install", "-q", "chat-miner==0.6.*"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"chat-miner could not be installed, so it is not measured:\n{done.stderr.strip()[-300:]}")
        return None
    return python


def in_own_process(*command: str | Path) -> dict[str, float]:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def show(name: str, size: int, result: dict[str, float], bytes_: int) -> None:
    rate, volume = result["count"] / result["seconds"], bytes_ / result["seconds"] / (1 << 20)
    print(f"{name:24}{size:>10,}{rate:>14,.0f}{volume:>10.1f}{result['seconds']:>9.2f}{result['mib']:>10.1f}", flush=True)


def size_of(place: Path) -> int:
    return place.stat().st_size if place.is_file() else sum(path.stat().st_size for path in place.rglob("*") if path.is_file())


def compare(sizes: list[int], names: list[str], with_chat_miner: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        miner = chat_miner(Path(folder)) if with_chat_miner else None
        print(f"{'':24}{'messages':>10}{'messages/s':>14}{'MiB/s':>10}{'s':>9}{'MiB more':>10}")
        for name in names:
            for size in sizes:
                with tempfile.TemporaryDirectory(dir=folder) as work:
                    place = MAKERS[name](Path(work), size)
                    show(name, size, in_own_process(sys.executable, __file__, "--measure", "ours", place), size_of(place))
                    if name == "telegram":
                        floor = in_own_process(sys.executable, __file__, "--measure", "json.load", place)
                        show("  json.load alone", size, floor, size_of(place))
                    if name == "telegram" and miner:
                        for goal in ("messages", "frame"):
                            peer = in_own_process(miner, "-c", CHAT_MINER, place, goal, str(size))
                            show(f"  chat-miner, {goal}", size, peer, size_of(place))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--messages", type=int, nargs="+", default=[50_000, 500_000])
    parser.add_argument("--only", nargs="+", choices=list(MAKERS), default=list(MAKERS))
    parser.add_argument("--chat-miner", action="store_true", help="install and measure chat-miner 0.6, too")
    parser.add_argument("--measure", nargs=2, metavar=("WHAT", "FILE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        what, place = asked.measure
        print(json.dumps((measure_ours if what == "ours" else measure_json_load)(Path(place))))
        return
    compare(asked.messages, asked.only, asked.chat_miner)


if __name__ == "__main__":
    main()
