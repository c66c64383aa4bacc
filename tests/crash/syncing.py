"""A first sync in a process of its own, which somebody may kill: `python -m tests.crash.syncing connect|walk|show`.

`connect` reads the sandbox's first line from standard input; `walk` says on a line of its own after each page how far it is;
`show` prints everything that is known, as JSON and without row numbers.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

import duckdb  # noqa: E402
from django.core.management import call_command  # noqa: E402

from huoqun.carriers.registry import roster_for  # noqa: E402
from huoqun.carriers.wecom.models import Chat, Colleague, Corp, Sync  # noqa: E402
from huoqun.carriers.wecom.sync import groups  # noqa: E402
from huoqun.community.models import Contact, Group, Identity, Label, Membership, Person  # noqa: E402
from huoqun.community.operations import communities  # noqa: E402
from huoqun.history.store import open_store  # noqa: E402
from huoqun.wiring.syncing import sync  # noqa: E402


def now() -> datetime:
    return datetime.now(UTC)


def connect() -> None:
    call_command("migrate", verbosity=0)
    told = json.load(sys.stdin)
    communities.found("栀野生活", slug="garden", zone="Asia/Shanghai", now=now())
    app = told["apps"][0]
    Corp.objects.create(
        community="garden",
        corpid=told["corpid"],
        api=told["base_url"],
        agentid=app["agentid"],
        app_secret=app["secret"],
        contact_secret=told["contact_secret"],
        made_at=now(),
    )


def walk() -> None:
    groups.AT_ONCE = 5  # many pages of a small company
    account = Corp.objects.get().account

    def report(done: int, total: int, message: str) -> None:
        print(done, total, flush=True)  # noqa: T201

    sync(roster_for(account, now=now), account, report=report, now=now)


def show() -> None:
    with duckdb.connect() as con:
        store = open_store()
        rows = store.relation(con, community="garden").project("kind, source_id, group_key, author_key, epoch(sent_at)")
        told = sorted(rows.fetchall())
    known: dict[str, Any] = {
        "people": _all(Identity, "key", "name", "person__name", "person__house"),
        "persons": Person.objects.count(),
        "groups": _all(Group, "key", "name", "owner__key", "born_at"),
        "places": _all(Membership, "group__key", "identity__key", "joined_at", "left_at", "way", "source", "inviter__key"),
        "contacts": _all(Contact, "staff__key", "identity__key", "remark", "tags", "way", "source", "added_at", "lost_at"),
        "labels": _all(Label, "person__name", "house", "source"),
        "chats": _all(Chat, "chat_id", "version", "members", "nameless", "trouble"),
        "colleagues": _all(Colleague, "userid", "name", "expected", "fetched", "nameless"),
        "walk": [list(row) for row in Sync.objects.values_list("state", "step")],
        "told": told,
    }
    json.dump(known | {"interruptions": Sync.objects.get().interruptions}, sys.stdout, default=str)


def _all(model: Any, *columns: str) -> list[str]:
    return sorted(repr(row) for row in model.objects.values_list(*columns))


if __name__ == "__main__":
    {"connect": connect, "walk": walk, "show": show}[sys.argv[1]]()
