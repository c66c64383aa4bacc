"""Every benchmark at the size that fits into a coffee break, one after the other; prints Markdown and keeps it in bench/out/.

    make bench                 about fifteen minutes on two cores
    python bench/all.py --full the sizes of bench/RESULTS.md: about an hour

Figures are only comparable within one run: machines differ, and so do their neighbours.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"
SHARED = Path(os.environ.get("HUOQUN_SHARED", HERE.parent.parent / "shared")) / "data"

QUICK = [
    ["history.py", "--rows", "1000000"],
    ["imports.py", "--messages", "50000", "200000"],
    ["audit.py", "--millions", "1", "--pandas-millions", "1"],
    ["life.py", "planted", "--seeds", "201-202"],
    ["life.py", "roles", "--seeds", "201-202"],
    ["planted.py", "--settings", "unseen", "--seeds", "301", "--groups", "100"],
    ["forecast.py", "planted", "--seeds", "301"],
    ["intake.py", "--events", "5000", "--backlog", "2000"],
    ["outbox.py", "measure", "--requests", "5000"],
    ["outbox.py", "board", "--requests", "5000"],
    ["outbox.py", "runs", "--lives", "200"],
    ["wecom_faults.py", "--runs", "20"],
    ["pages.py", "build", "measure", "start", "--groups", "900", "--people", "180000", "--data", str(OUT / "pages-small")],
    ["wecom_callbacks.py", "callbacks", "--calls", "1000"],
    ["wecom_callbacks.py", "welcome", "--joins", "300"],
    ["wecom_sync.py", "--groups", "450", "--people", "90000", "--customers", "10000", "--staff", "40"],
]
FULL = [
    ["history.py", "--rows", "10000000"],
    ["imports.py", "--messages", "50000", "500000", "--chat-miner"],
    ["audit.py", "--millions", "1", "10", "100", "--pandas-millions", "10"],
    ["life.py", "planted", "--seeds", "201-205"],
    ["life.py", "roles", "--seeds", "201-205"],
    ["life.py", "archives", str(SHARED)],
    ["planted.py", "--settings", "unseen", "--seeds", "301-305"],
    ["forecast.py", "planted", "--seeds", "301-305"],
    ["forecast.py", "archives", str(SHARED)],
    ["forecast.py", "cases", str(SHARED)],
    ["linker.py", str(SHARED)],
    ["case_notes.py", str(SHARED)],
    ["intake.py"],
    ["wecom_archive.py", "--messages", "20000"],
    ["outbox.py", "measure"],
    ["outbox.py", "board"],
    ["outbox.py", "runs", "--lives", "10000"],
    ["wecom_faults.py", "--runs", "500"],
    ["pages.py", "build", "measure", "start", "--data", str(OUT / "pages")],
    ["wecom_callbacks.py", "callbacks"],
    ["wecom_callbacks.py", "welcome"],
    ["wecom_sync.py"],
]


def main(arguments: list[str]) -> int:
    """Exit status 1 where one of them failed; the others still run."""
    OUT.mkdir(exist_ok=True)
    failed = 0
    for command in FULL if "--full" in arguments else QUICK:
        if str(SHARED) in command and not SHARED.is_dir():
            print(f"# {' '.join(command)}: left out, there is no {SHARED}", flush=True)
            continue
        print(f"# python bench/{' '.join(command)}", flush=True)
        done = subprocess.run([sys.executable, HERE / command[0], *command[1:]], stdout=subprocess.PIPE, text=True, check=False)
        print(done.stdout, flush=True)
        name = "-".join(word for word in (Path(command[0]).stem, *command[1:2]) if word.isidentifier())
        (OUT / f"{name}.md").write_text(done.stdout, encoding="utf-8")
        failed += done.returncode != 0
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
