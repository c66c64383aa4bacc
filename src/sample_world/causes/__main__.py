"""`python -m sample_world.causes OUT --seed 1 --until 2026-06-30 --settings development`"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sample_world.__main__ import moment

from .make import make_cases
from .settings import SETTINGS


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="sample_world.causes", description="Write a world of groups that fare as their causes make them, with its truth."
    )
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=moment, default="2026-06-30", help="the world's last moment (not included)")
    parser.add_argument("--groups", type=int, default=300)
    parser.add_argument("--settings", choices=sorted(SETTINGS), default="development")
    asked = parser.parse_args(arguments)
    try:
        world = make_cases(
            asked.out, seed=asked.seed, until=asked.until, groups=asked.groups, settings=SETTINGS[asked.settings]
        )
    except ValueError as wrong:
        parser.error(str(wrong))
    sys.stdout.write(f"{world.groups} groups, {world.people} people, {world.messages} messages in {world.folder}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
