"""Playbooks at size, and whether every promised step happens once or says why not.

    python bench/sop.py planning [--groups 9000] [--newcomers 5000]   a day's 45,000 steps; newcomers within ten minutes; floors
    python bench/sop.py rush [--groups 9000] [--newcomers 5000]       those newcomers alone
    python bench/sop.py worlds [--count 10000] [--seed 0] [--log L]   randomised lives with crashes, edits, clock changes
    python bench/sop.py mutants [--seed 0]                            whether those lives show faults planted one by one
    python bench/sop.py tally LOG ...                                 what was played so far, by database and code

On the embedded database; on PostgreSQL: python -m tests.postgres -- python bench/sop.py ...   Prints Markdown.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-sop-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402


def planning(groups: int, newcomers: int) -> int:
    from sop_at_size import at_size  # noqa: PLC0415  its imports need the house set up

    return at_size(groups, newcomers, Path(FOLDER.name))


def rush(groups: int, newcomers: int) -> int:
    from sop_at_size import only_a_rush  # noqa: PLC0415  the same

    return only_a_rush(groups, newcomers, Path(FOLDER.name))


def worlds(count: int, first: int, log: Path | None) -> int:
    """With a log: a line for each fifty lives, added to what is there."""
    from huoqun.sop.tests import lives  # noqa: PLC0415  only here

    gc.freeze()
    gc.set_threshold(20_000, 50, 50)

    def told(part: lives.Tally) -> None:
        if log is not None:
            with log.open("a") as file:
                file.write(lives.line_of(part) + "\n")
        print(f"seeds {part.seeds[0][0]} to {part.seeds[0][1]}: {part.seconds:.0f} s, {len(part.wrong)} wrong", file=sys.stderr)
        print("".join(f"  {words}\n" for words in part.wrong), end="", file=sys.stderr, flush=True)

    whole = lives.play(range(first, first + count), told, clock=time.perf_counter)
    print("\n".join(lives.told(whole)))
    return 1 if whole.wrong else 0


def mutants(first: int) -> int:
    """Whether the lives show each of the planted faults, and after how many."""
    from huoqun.sop.tests.mutants import MUTANTS, found  # noqa: PLC0415  only here

    print("| planted fault | lives until it is seen | in these words |\n| --- | ---: | --- |")
    missed = 0
    for mutant in MUTANTS:
        told = found(mutant, range(first, first + mutant.within))
        missed += told.after is None
        print(f"| {mutant.name} | {told.after or '**not seen**'} | {told.words[:100]} |", flush=True)
    print(f"\n{len(MUTANTS) - missed} of {len(MUTANTS)} seen")
    return 1 if missed else 0


def tally(logs: list[Path]) -> int:
    from huoqun.sop.tests import lives  # noqa: PLC0415  only here

    for each in lives.read(line for log in logs for line in log.read_text().splitlines()):
        print("\n".join(lives.told(each)) + "\n")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["planning", "rush", "worlds", "mutants", "tally"])
    parser.add_argument("logs", nargs="*", type=Path)
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--newcomers", type=int, default=5_000)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path)
    asked = parser.parse_args()
    if asked.what == "tally":
        return tally(asked.logs)
    call_command("migrate", verbosity=0)
    if asked.what == "worlds":
        return worlds(asked.count, asked.seed, asked.log)
    if asked.what == "mutants":
        return mutants(asked.seed)
    return (rush if asked.what == "rush" else planning)(asked.groups, asked.newcomers)


if __name__ == "__main__":
    sys.exit(main())
