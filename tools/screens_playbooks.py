"""Takes the pictures of docs/screens that show playbooks: a week of the community to play in, and a fair test, in Chromium.

    python tools/screens_playbooks.py [--only run-zh on-time-zh] [--keep FOLDER]

`--keep` keeps the data folder, so that a second run only takes pictures.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import screens
from playwright.sync_api import Page, sync_playwright
from screens import FLAGS, PACKAGES, SCREENS, Shot, served, settle, take, tell

if TYPE_CHECKING:
    from huoqun.carriers.base import Carrier
    from huoqun.community.models import Community
    from huoqun.console.models import Staff
    from huoqun.sop.models import Launch, Run
    from huoqun.vocabulary.ids import Account

MONDAY = datetime(2026, 11, 16, 0, 20, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""Half past five in Shanghai: what is left of the week is the evening."""
STEP, SLOT = timedelta(hours=1), timedelta(minutes=10)
TESTED = (date(2026, 3, 2), date(2026, 11, 16))
"""So long the company of the fair test has been heard."""


@dataclass(frozen=True, slots=True)
class Chosen:
    book: int
    launch: int
    run: int
    offered: int
    tested: int


def look_over(page: Page) -> None:
    page.click("button[name=look]")
    page.wait_for_load_state("networkidle")


def shots(of: Chosen) -> list[Shot]:
    return [
        Shot("playbooks-zh", "/sop/"),
        Shot("playbooks-en", "/sop/", language="en"),
        Shot("playbook-zh", f"/sop/{of.book}/"),
        Shot("playbook-new-zh", "/sop/new/?community=playground"),
        Shot("playbook-new-en", "/sop/new/?community=playground", language="en"),
        Shot("playbook-editor-zh", f"/sop/{of.book}/form/"),
        Shot("playbook-editor-en", f"/sop/{of.book}/form/", language="en"),
        Shot("playbook-preview-zh", f"/sop/{of.book}/preview/"),
        Shot("playbook-start-zh", f"/sop/{of.book}/start/", before=look_over),
        Shot("run-zh", f"/sop/runs/{of.run}/"),
        Shot("run-en", f"/sop/runs/{of.run}/", language="en"),
        Shot("launch-zh", f"/sop/at-work/{of.launch}/"),
        Shot("calendar-zh", "/sop/calendar/?view=week"),
        Shot("calendar-en", "/sop/calendar/?view=week", language="en"),
        Shot("on-time-zh", "/sop/in-time/"),
        Shot("on-time-en", "/sop/in-time/", language="en"),
        Shot("approval-zh", "/sop/waiting/"),
        Shot("trial-offer-zh", f"/trials/{of.offered}/offer/"),
        Shot("trial-result-zh", f"/trials/{of.tested}/"),
        Shot("trial-result-en", f"/trials/{of.tested}/", language="en"),
        Shot("trial-refused-zh", f"/trials/{of.launch}/"),
        Shot("phone-playbook-editor-zh", f"/sop/{of.book}/form/", phone=True),
        Shot("phone-run-zh", f"/sop/runs/{of.run}/", phone=True),
        Shot("phone-calendar-zh", "/sop/calendar/?view=week", phone=True),
        Shot("phone-on-time-zh", "/sop/in-time/", phone=True),
        Shot("phone-trial-result-zh", f"/trials/{of.tested}/", phone=True),
    ]


# A week


def fill() -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from huoqun.sop.operations.counting import count_weeks  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    people = cast()
    home = playground(people)
    at_work(home, people["lin"])
    now = MONDAY
    while now < FRIDAY:
        now = min(next_due(now), FRIDAY)
        some_minutes(now, people)
    turn_two(home)
    some_minutes(FRIDAY, people)
    fair_test(people["lin"])
    count_weeks(now=FRIDAY)


def next_due(now: datetime) -> datetime:
    """The next ten minutes in which something is to be sent, done or decided; an hour later at most."""
    from django.db.models import Min  # noqa: PLC0415

    from huoqun.outbox.models import Request  # noqa: PLC0415
    from huoqun.ownership.models import Todo  # noqa: PLC0415
    from huoqun.sop.models import Run  # noqa: PLC0415

    places = ((Request, "not_before"), (Todo, "due_at"), (Run, "next_at"))
    moments = [rows.objects.filter(**{f"{at}__gt": now}).aggregate(at=Min(at))["at"] for rows, at in places]
    soon = min([moment for moment in moments if moment is not None], default=now + STEP)
    return now + max(SLOT, -(-min(soon - now, STEP) // SLOT) * SLOT)


def cast() -> dict[str, Staff]:
    from huoqun.console.models import Role, Staff  # noqa: PLC0415

    who = {"lin": ("林晓", Role.ADMIN), "tao": ("陶然", Role.OPERATOR), "su": ("苏禾", Role.OPERATOR)}
    return {name: Staff.objects.create(username=name, name=called, role=role) for name, (called, role) in who.items()}


def playground(people: dict[str, Staff]) -> Community:
    """Twelve groups on the pretended carrier, heard up to Monday: Tao runs the first six, Su the others."""
    from huoqun.community.models import Community, Group  # noqa: PLC0415
    from huoqun.community.operations import communities, groups  # noqa: PLC0415
    from huoqun.jobs import operations as jobs  # noqa: PLC0415
    from huoqun.wiring.playing import play_in  # noqa: PLC0415
    from huoqun.wiring.worker import Worker  # noqa: PLC0415

    communities.found("试玩社群", slug="playground", zone="Asia/Shanghai", now=MONDAY)
    home = Community.objects.get(slug="playground")
    play_in(home, staff=people["lin"], now=MONDAY)
    hear(MONDAY)
    keys = list(Group.objects.filter(community=home).order_by("name").values_list("pk", flat=True))
    for operator, some in ((people["tao"], keys[:6]), (people["su"], keys[6:])):
        communities.seat(operator, home)
        groups.describe(Group.objects.filter(pk__in=some), operator=operator)
    jobs.ask("audit", {"community": home.slug}, key="screens", by=None, now=MONDAY)
    Worker(calendar=(), clock=lambda: MONDAY).run_dry()
    return home


def hear(now: datetime) -> None:
    from huoqun.carriers.registry import pretended  # noqa: PLC0415
    from huoqun.inbox.loop import Loop  # noqa: PLC0415
    from huoqun.wiring.hearing import Ears  # noqa: PLC0415
    from huoqun.wiring.subscriptions import SUBSCRIPTIONS  # noqa: PLC0415

    ears = Ears(lambda account: pretended(account, now=lambda: now), clock=lambda: now)
    while ears.round():
        pass
    Loop(SUBSCRIPTIONS, clock=lambda: now).run_dry()


def at_work(home: Community, lin: Staff) -> None:
    """The daily group in all, revival where the audit finds one, a talk on Saturday evening in four."""
    from huoqun.community.models import Group  # noqa: PLC0415
    from huoqun.sop.operations.keeping import keep  # noqa: PLC0415
    from huoqun.sop.operations.launching import launch  # noqa: PLC0415
    from huoqun.sop.playbooks.shipped import shipped  # noqa: PLC0415

    books = {book.name: book for book in shipped("zh")}
    some = list(Group.objects.filter(community=home).order_by("name").values_list("key", flat=True)[:4])
    enrolled(home, some)
    more: dict[str, dict[str, Any]] = {
        "daily-group": {},
        "revival": {"answers": {"固定时间": "周三晚上八点"}},
        "guest-talk": {
            "event_at": FRIDAY + timedelta(days=1, hours=2, minutes=30),
            "answers": {"嘉宾": "沈老师", "主题": "阳台上种活番茄", "福利": "一包矮生番茄籽"},
            "only_groups": some,
        },
    }
    for name, said in more.items():
        version = keep(books[name], home, by=lin, now=MONDAY, note="自带的原样")
        launch(version, home, by=lin, now=MONDAY, **said)


def enrolled(home: Community, keys: list[int]) -> None:
    """Three of each group have signed up for the talk."""
    from huoqun.community.models import Person, Tag  # noqa: PLC0415

    tag = Tag.objects.create(community=home, name="报名")
    for key in keys:
        here = Person.objects.filter(identities__memberships__group__key=key, house="").order_by("pk").distinct()
        for person in here[:3]:
            person.tags.add(tag)


def some_minutes(now: datetime, people: dict[str, Staff]) -> None:
    from huoqun.wiring.worker import Worker  # noqa: PLC0415

    Worker(calendar=(), clock=lambda: now, carriers=lambda account: played(account, now)).run_dry()
    by_hand(now, people)


def played(account: Account, now: datetime) -> Carrier | None:
    from huoqun.carriers.registry import pretended  # noqa: PLC0415

    return pretended(account, now=lambda: now) if account.carrier == "pretend" else None


def by_hand(now: datetime, people: dict[str, Staff]) -> None:
    """Tao does what is due; Su does it an hour late on the even days, and nothing on the others."""
    from huoqun.ownership.models import State, Todo  # noqa: PLC0415
    from huoqun.ownership.operations import do  # noqa: PLC0415

    due = Todo.objects.filter(state=State.OPEN, due_at__lte=now + STEP).exclude(key__startswith="sop/yes")
    for todo in due.select_related("group"):
        hers = todo.group is not None and todo.group.operator_id == people["tao"].pk
        late_enough = now >= todo.due_at + STEP and now.day % 2 == 0
        if hers or late_enough:
            do(todo, by=people["tao" if hers else "su"], now=now)


def turn_two(home: Community) -> None:
    """What the audit says of the two groups it finds worst."""
    from huoqun.community.models import Group  # noqa: PLC0415
    from huoqun.inbox.operations import announce  # noqa: PLC0415
    from huoqun.vocabulary.facts import GroupTurned  # noqa: PLC0415
    from huoqun.vocabulary.ids import GroupKey  # noqa: PLC0415

    groups = list(Group.objects.filter(community=home).order_by("name"))
    worst = sorted(groups, key=lambda group: (group.state != "declining", group.state != "dormant"))[:2]
    Group.objects.filter(pk__in=[group.pk for group in worst]).update(state="declining")
    announce(
        [
            GroupTurned(
                community=home.slug,
                at=FRIDAY,
                group=GroupKey(group.key),
                state="declining",
                before="steady",
                since=None,
                as_of=FRIDAY.date(),
            )
            for group in worst
        ],
        now=FRIDAY,
    )


# A fair test


def fair_test(lin: Staff) -> None:
    """The company of the tests of fair tests: one that is over, with what was planted in it, and one that is offered."""
    from huoqun.health.tests import planted  # noqa: PLC0415
    from huoqun.sop.models import Version  # noqa: PLC0415
    from huoqun.sop.operations import launching  # noqa: PLC0415

    home = planted.company()
    put = planted.launched(home, lin)
    trial = planted.drawn(put, lin)
    planted.lived(home, *TESTED, lambda _group, started: 0.6 if started else 0.4, trial=trial)
    planted.audited(home, TESTED[1] - timedelta(days=1))
    launching.end(put, by=lin, now=FRIDAY)
    planted.launched(home, lin, measure="messages")
    Version.objects.filter(playbook__community=home).update(made_at=planted.NOW)


def choose() -> Chosen:
    from huoqun.sop.models import Launch, Run  # noqa: PLC0415

    daily: Launch = Launch.objects.get(version__playbook__name="daily-group")
    runs = Run.objects.filter(launch=daily, group__operator__username="su").order_by("-anchor", "group__name")
    run: Run = runs.filter(anchor__lt=FRIDAY)[0]
    tested = Launch.objects.get(version__playbook__name="morning-days")
    offered = Launch.objects.get(version__playbook__name="morning-messages")
    return Chosen(daily.version.playbook_id, daily.pk, run.pk, offered.pk, tested.pk)


def pictures(only: set[str]) -> None:
    screens.DAY = FRIDAY
    chromium: Any = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    SCREENS.mkdir(parents=True, exist_ok=True)
    with served() as server, sync_playwright() as playwright:
        for language in ("zh-hans", "en"):
            words: dict[str, Any] = {**os.environ, "LANGUAGE": "en" if language == "en" else "zh_CN"}
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, env=words)
            for shot in shots(choose()):
                if shot.language == language and (not only or shot.name in only):
                    tell(take(browser, server, shot))
            browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    subprocess.run([screens.ROOT / "tools" / "system_packages", *PACKAGES], check=True)
    folder = asked.keep.resolve() if asked.keep else Path(tempfile.mkdtemp(prefix="huoqun-screens-"))
    folder.mkdir(parents=True, exist_ok=True)
    new = not (folder / "huoqun.sqlite3").exists()
    try:
        settle(folder)
        if new:
            fill()
        pictures(set(asked.only))
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
