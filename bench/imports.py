"""How fast files are read into events, and in how much memory: each format at two sizes, each run in a process of its own.

    python bench/imports.py [--messages 50000 500000] [--only telegram irc] [--chat-miner]

Beside Telegram stand Python's own json.load of the same file, which does less and sets a floor, and with `--chat-miner` the
package chat-miner 0.6 in a virtual environment made for the run: once up to its list of messages, once up to the data frame
its users work with. Sizes are messages; seconds are processor time, so that a busy machine does not blur the comparison; memory
is the highest resident size of the process, less what it had when everything was imported.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from huoqun.carriers import registry

START = datetime(2022, 1, 1, tzinfo=UTC)
SENTENCE = (
    "今天 浇水 了吗 番茄 又 红 了 两个 谁 有 多余 的 花盆 周末 一起 去 花市 吧 这个 肥料 怎么样 https://example.org/p 👍 谢谢"
)
WORDS = SENTENCE.split()
PEOPLE = 2000


def said(number: int) -> tuple[datetime, int, str]:
    """Who says what and when: the same for the same number, so that every format carries the same talk."""
    dice = random.Random(number)
    return (
        START + timedelta(seconds=41 * number),
        int(PEOPLE * dice.random() ** 3),
        " ".join(dice.choices(WORDS, k=dice.randint(2, 24))),
    )


def telegram_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    message: dict[str, Any] = {
        "id": number + 1,
        "type": "message",
        "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(at.timestamp())),
        "from": f"邻居{person}",
        "from_id": f"user{7_000_000 + person}",
    }
    if number % 5 == 4:
        message["reply_to_message_id"] = number - 2
    if number % 7 == 6:
        head, link, tail = text[:8], "https://example.org/x", text[8:]
        message["text"] = [head, {"type": "link", "text": link}, tail]
        message["text_entities"] = [
            {"type": "plain", "text": head},
            {"type": "link", "text": link},
            {"type": "plain", "text": tail},
        ]
    else:
        message["text"] = text
        message["text_entities"] = [{"type": "plain", "text": text}]
    if number % 11 == 10:
        message["photo"] = "(File not included. Change data exporting settings to download.)"
        message["width"], message["height"] = 1280, 960
    return message


def telegram(folder: Path, size: int) -> Path:
    """As Telegram Desktop writes it: one space of indentation a level."""
    place = folder / "result.json"
    with place.open("w", encoding="utf-8") as file:
        file.write('{\n "name": "阳台种菜群",\n "type": "private_supergroup",\n "id": 1900000001,\n "messages": [\n')
        for number in range(size):
            body = json.dumps(telegram_message(number), ensure_ascii=False, indent=1).replace("\n", "\n  ")
            file.write(f"  {body}{',' if number < size - 1 else ''}\n")
        file.write(" ]\n}")
    return place


def telegram_compact(folder: Path, size: int) -> Path:
    """As some tool wrote it again: everything on one line."""
    place = folder / "compact.json"
    with place.open("w", encoding="utf-8") as file:
        file.write('{"name":"阳台种菜群","type":"private_supergroup","id":1900000001,"messages":[')
        for number in range(size):
            file.write("," if number else "")
            json.dump(telegram_message(number), file, ensure_ascii=False, separators=(",", ":"))
        file.write("]}")
    return place


def slack(folder: Path, size: int) -> Path:
    place = folder / "slack.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("channels.json", json.dumps([{"id": "C1", "name": "garden"}]))
        users = [{"id": f"U{n}", "name": f"u{n}", "profile": {"display_name": f"邻居{n}"}} for n in range(PEOPLE)]
        archive.writestr("users.json", json.dumps(users))
        for day, numbers in days(size):
            messages = [slack_message(number) for number in numbers]
            archive.writestr(f"garden/{day}.json", json.dumps(messages, indent=4))
    return place


def slack_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    return {"type": "message", "user": f"U{person}", "text": text, "ts": f"{int(at.timestamp())}.{number % 1000000:06}"}


def days(size: int) -> Iterator[tuple[str, range]]:
    a_day = 86400 // 41
    for first in range(0, size, a_day):
        yield f"{START + timedelta(days=first // a_day):%Y-%m-%d}", range(first, min(size, first + a_day))


def zulip(folder: Path, size: int) -> Path:
    place = folder / "zulip.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("z/stream_index.json", json.dumps({"streams": {"garden": {"id": 7}}}))
        for day, numbers in days(size):
            messages = [zulip_message(number) for number in numbers]
            archive.writestr(f"z/7-garden/{day}.json", json.dumps(messages, indent=4))
    return place


def zulip_message(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    html = f'<p><span class="user-mention">@邻居{number % PEOPLE}</span> {text}</p>' if number % 4 == 0 else f"<p>{text}</p>"
    return {"content": html, "id": number + 1, "sender_full_name": f"邻居{person}", "timestamp": int(at.timestamp())}


def irc(folder: Path, size: int) -> Path:
    root = folder / "irc"
    (root / "garden").mkdir(parents=True)
    for day, numbers in days(size):
        lines = [f"[{at:%H:%M}] <nick{person}> {text}" for at, person, text in map(said, numbers)]
        (root / "garden" / day).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def table_row(number: int) -> dict[str, Any]:
    at, person, text = said(number)
    basis = {"carrier": "qq", "group_id": "10001", "group_name": "阳台种菜群", "message_id": str(number)}
    return {**basis, "sent_at": at, "author_id": str(person), "author_name": f"邻居{person}", "kind": "message", "text": text}


def table_csv(folder: Path, size: int) -> Path:
    place = folder / "table.csv"
    with place.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table_row(0)))
        writer.writeheader()
        for number in range(size):
            row = table_row(number)
            writer.writerow({**row, "sent_at": row["sent_at"].isoformat()})
    return place


def table_jsonl(folder: Path, size: int) -> Path:
    place = folder / "table.jsonl"
    with place.open("w", encoding="utf-8") as file:
        for number in range(size):
            row = table_row(number)
            file.write(json.dumps({**row, "sent_at": row["sent_at"].isoformat()}, ensure_ascii=False) + "\n")
    return place


def table_parquet(folder: Path, size: int) -> Path:
    place = folder / "table.parquet"
    schema = pa.Table.from_pylist([table_row(0)]).schema
    with pq.ParquetWriter(place, schema) as writer:
        for first in range(0, size, 50_000):
            rows = [table_row(number) for number in range(first, min(size, first + 50_000))]
            writer.write_table(pa.Table.from_pylist(rows, schema))
    return place


MAKERS: dict[str, Callable[[Path, int], Path]] = {
    make.__name__: make for make in (telegram, telegram_compact, slack, zulip, irc, table_csv, table_jsonl, table_parquet)
}


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
