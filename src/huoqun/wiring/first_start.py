"""The first start: database, first account, sample communities. Later starts only look."""

from __future__ import annotations

import csv
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

import sample_world
from huoqun.carriers.operations import ask_import
from huoqun.carriers.registry import pretended
from huoqun.community.models import Community, Group
from huoqun.community.operations import communities, groups, listed
from huoqun.console import operations as console
from huoqun.console.models import Role, Staff
from huoqun.inbox.loop import Loop
from huoqun.jobs import operations as jobs
from huoqun.wiring.hearing import Ears
from huoqun.wiring.importing import read_in
from huoqun.wiring.playing import play_in
from huoqun.wiring.subscriptions import SUBSCRIPTIONS
from huoqun.wiring.terminal import progress, say
from huoqun.wiring.worker import Worker

SAMPLE_SEED = 20261101


def prepare(*, sample: bool) -> None:
    """Bring the database up to date, and at the very first start make the first account and load the samples."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("正在建立数据库 / setting up the database ...")
        call_command("migrate", verbosity=0)
    if Staff.objects.exists():
        return
    console.first_admin()
    if sample:
        load_samples(now=datetime.now(UTC))


def sign_in_link(base: str) -> str:
    """A one-time link for the first account for as long as nobody has set its password; "" afterwards.

    `base` is where this server listens; an address said in HUOQUN_PUBLIC_URL goes before.
    """
    first = Staff.objects.filter(role=Role.ADMIN).order_by("id").first()
    if first is None or first.has_usable_password():
        return ""
    link = console.one_time_link(first, now=datetime.now(UTC))
    return link if "HUOQUN_PUBLIC_URL" in os.environ else base + urlsplit(link).path


def load_samples(*, now: datetime) -> None:
    """Make the sample communities and take them in by the same way as any export."""
    with TemporaryDirectory(prefix="huoqun-samples-") as folder:
        with progress("示例社群 / making sample communities"):
            sample_world.make(Path(folder), seed=SAMPLE_SEED, until=now)
        for place in sorted(Path(folder).glob("*/community.json")):
            _load(place.parent, now=now)
    with progress("试玩社群 / a community to play in"):
        _playground(now=now)
    with progress("体检 / auditing every group"):
        Worker().run_dry()


def _playground(*, now: datetime) -> None:
    """A community on the pretended carrier, heard up to `now`, so that it is there when the console opens."""
    community = communities.found("试玩社群", slug="playground", zone=settings.DEFAULT_ZONE, now=now)
    admin = console.first_admin()
    play_in(community, staff=admin, now=now)
    ears = Ears(lambda account: pretended(account, now=lambda: now), clock=lambda: now)
    while ears.round():
        pass
    Loop(SUBSCRIPTIONS, clock=lambda: datetime.now(UTC)).run_dry()
    groups.describe(Group.objects.filter(community=community), operator=admin)
    for operator in Staff.objects.filter(role=Role.OPERATOR):
        communities.seat(operator, community)
    jobs.ask("audit", {"community": community.slug}, key=f"{community.slug}/first", by=None, now=now)


def _load(folder: Path, *, now: datetime) -> None:
    facts = json.loads((folder / "community.json").read_text(encoding="utf-8"))
    community = communities.found(facts["name"], slug=facts["slug"], zone=facts["zone"], now=now)
    asked = ask_import(community.slug, [folder / "talk.parquet"], title=facts["name"], zone=facts["zone"], by=None, now=now)
    with progress(f"导入 / importing {facts['name']}") as report:
        read_in(asked, report=report, now=lambda: datetime.now(UTC))
    _operators(folder, community)
    with (folder / "groups.csv").open(encoding="utf-8", newline="") as lines:
        listed.take_group_list(community, lines)
    with (folder / "house.csv").open(encoding="utf-8", newline="") as lines:
        listed.take_house_list(community, lines, by=None, now=now, reason="sample")


def _operators(folder: Path, community: Community) -> None:
    """Accounts for the sample's operators. They have no password: nobody signs in with them until an admin gives a link."""
    with (folder / "groups.csv").open(encoding="utf-8", newline="") as lines:
        names = sorted({row["operator"] for row in csv.DictReader(lines) if row.get("operator")})
    for name in names:
        account = Staff.objects.filter(username=name).first() or console.add_staff(name, role=Role.OPERATOR)
        communities.seat(account, community)
