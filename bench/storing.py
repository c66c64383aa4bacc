"""What keeping an audit costs: `python bench/storing.py --millions 100 --folder FOLDER [--data FOLDER]`.

Audits the generated history of `audit.py` (kept in FOLDER), makes an SQLite database with its groups and everybody who spoke,
and stores the audit: for the first time, the same again, and that of the next day, which is what a daily job does. Seconds by
the wall and of the processor; printed as Markdown rows.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import audit as audits

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def settle(folder: Path) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


@contextmanager
def timed(title: str) -> Iterator[None]:
    begun, busy = time.perf_counter(), time.process_time()
    yield
    print(f"| {title} | {time.perf_counter() - begun:.1f} | {time.process_time() - busy:.1f} |", flush=True)


def people(result: Any) -> Any:
    """The community with its groups, and everybody who has a role, with an account each."""
    from huoqun.community.models import Community, Group, Identity, Person  # noqa: PLC0415
    from huoqun.health import bulk  # noqa: PLC0415

    community = Community.objects.create(slug="big", name="Big", zone="Asia/Shanghai", created_at=NOW)
    Group.objects.bulk_create(
        (
            Group(community=community, key=key, carrier="wecom", native_id=str(key), name=str(key))
            for key in result.groups["group_key"].to_pylist()
        ),
        batch_size=500,
    )
    keys = sorted({*result.persons["person_key"].to_pylist(), *result.unanswered["author_key"].to_pylist()})
    Person.objects.bulk_create(
        (Person(id=n, community=community, name=str(n)) for n in range(1, len(keys) + 1)), batch_size=500
    )
    columns = ("id", "person_id", "community_id", "key", "carrier", "native_id", "name")
    bulk.insert(Identity, columns, ((n, n, community.pk, key, "wecom", str(key), "") for n, key in enumerate(keys, 1)))
    return community


def store(folder: Path) -> None:
    from huoqun.health import operations, runner  # noqa: PLC0415
    from huoqun.health.around import around  # noqa: PLC0415
    from huoqun.health.causes import evidence  # noqa: PLC0415
    from huoqun.health.rules import starts_at  # noqa: PLC0415

    community, keep = None, operations.store_audit
    for day, title in ((audits.LAST - timedelta(days=1), "first time"), (audits.LAST, "the next day")):
        con = audits.connection(folder)
        question = runner.Question(day, audits.ZONE)
        result = runner.audit(con, as_of=day, zone=audits.ZONE)
        audits.Files(folder).open(con, starts_at(question.service_from, audits.ZONE), question.ends_at)
        with timed("the messages that show causes"):
            messages = evidence.messages(con, result.diagnoses, until=question.ends_at)
        with timed(f"what was said around {result.unanswered.num_rows:,} questions"):
            beside = around(con, result.unanswered)
        con.close()
        community = community or people(result)
        days = None if title == "first time" else {day}
        more: dict[str, Any] = {"now": NOW, "around": beside, "messages": messages, "days": days}
        with timed(f"storing, {title}"):
            keep(result, community, **more)
        with timed(f"storing, {title}, over again"):
            keep(result, community, **more)
        print(sizes(), flush=True)


def sizes() -> str:
    from huoqun.health.models import GroupDay, GroupGraph, GroupHealth, PersonRole, Unanswered  # noqa: PLC0415

    counted = (GroupHealth, GroupGraph, GroupDay, PersonRole, Unanswered)
    return "\n" + ", ".join(f"{model.__name__} {model._default_manager.count():,}" for model in counted) + " rows\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=float, default=10.0)
    parser.add_argument("--folder", type=Path, required=True, help="where audit.py keeps its generated data")
    parser.add_argument("--data", type=Path, help="makes the database here; otherwise in a temporary folder")
    asked = parser.parse_args()
    settle(asked.data or Path(tempfile.mkdtemp(prefix="huoqun-bench-")))
    folder = asked.folder / f"{asked.millions:g}m"
    audits.generate(folder, asked.millions)
    print("| work | wall s | processor s |\n| --- | ---: | ---: |")
    store(folder)


if __name__ == "__main__":
    main()
