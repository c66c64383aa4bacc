"""`python -m sample_world OUT --seed 7 --until 2026-11-20`"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from .make import make

ZONE = ZoneInfo("Asia/Shanghai")


def moment(text: str) -> datetime:
    """A date means its first moment in China."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date: write 2026-11-20 or 2026-11-20T09:30+08:00") from None
    return said if said.tzinfo else said.replace(tzinfo=ZONE)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sample_world", description="Write a believable world of chat groups, with its truth."
    )
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--until", type=moment, required=True, help="the world's last moment (not included)")
    parser.add_argument("--groups", type=int, default=300)
    parser.add_argument("--days", type=int, default=180)
    asked = parser.parse_args(arguments)
    try:
        world = make(asked.out, seed=asked.seed, until=asked.until, groups=asked.groups, days=asked.days)
    except ValueError as wrong:
        parser.error(str(wrong))
    sys.stdout.write(f"{world.groups} groups, {world.people} people, {world.messages} messages in {world.folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
