"""`python -m sample_world.scale OUT --groups 9000 --people 1800000 --messages 100000000 --days 180 --seed 1`"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from .generate import generate


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="sample_world.scale", description="Write a history table of any size for benchmarks.")
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--people", type=int, default=1_800_000)
    parser.add_argument("--messages", type=int, default=100_000_000)
    parser.add_argument("--days", type=int, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=date.fromisoformat, default=date(2026, 11, 20), help="first day after the last one")
    asked = parser.parse_args(arguments)
    try:
        made = generate(
            asked.out,
            groups=asked.groups,
            people=asked.people,
            messages=asked.messages,
            days=asked.days,
            seed=asked.seed,
            until=asked.until,
            report=_show,
        )
    except ValueError as wrong:
        parser.error(str(wrong))
    sys.stdout.write(
        f"{made.messages} messages, {made.rows} rows, {made.groups} groups, {made.people} people in {made.folder}\n"
    )
    return 0


def _show(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\rday {done} of {total}" + ("\n" if done == total else ""))


if __name__ == "__main__":
    raise SystemExit(main())
