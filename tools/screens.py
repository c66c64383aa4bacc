"""Takes the pictures of docs/screens from the running product: sample communities of a fixed seed and day, in Chromium.

    python tools/screens.py [--only group-zh home-en] [--keep FOLDER]

`--keep` keeps the data folder, so that a second run only takes pictures.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from huoqun.carriers.base import Carrier
    from huoqun.community.models import Group
    from huoqun.vocabulary.ids import Account

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
DAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
"""The day on which everything in the pictures happens: the same pictures whenever they are taken."""

WIDE, PHONE = 1280, 390
TALLEST = {WIDE: 1300, PHONE: 1600}
COLOURS = "128"
"""Pages have few colours: with so many the pictures are a third of the size and look the same."""
PACKAGES = ["chromium", "chromium-l10n", "fonts-noto-cjk", "fonts-noto-color-emoji", "pngquant"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--hide-scrollbars",
]


@dataclass(frozen=True, slots=True)
class Shot:
    name: str
    address: str
    language: str = "zh-hans"
    phone: bool = False
    dark: bool = False
    before: Callable[[Page], None] | None = None
    part: str = ""
    """The id of the block that is the picture; empty for the page from its top."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the pictures show of the samples."""

    group: int
    person: int
    imported: int
    told: int
    """A group of which there is much to say: why, who answers whom, what is ahead."""
    beside: int
    """A group of the same community that is well."""
    draft: int
    sent: int
    """A broadcast nobody has sent yet, and one that is on its way."""


def open_formats(page: Page) -> None:
    page.click("form.hand-in details summary")


def open_evidence(page: Page) -> None:
    page.click(".evidence summary >> nth=0")


def shots(of: Chosen) -> list[Shot]:
    halves = [*second_half(of, "zh-hans"), *second_half(of, "en"), *second_half(of, "zh-hans", phone=True)]
    return [*first_pages(of), *halves, *acting(of)]


def acting(of: Chosen) -> list[Shot]:
    """What goes out, a broadcast before and after it was sent, and what is left to a person's hand."""
    return [
        Shot("outbox-zh", "/outbox/"),
        Shot("broadcast-preview-zh", f"/broadcasts/{of.draft}/"),
        Shot("broadcast-zh", f"/broadcasts/{of.sent}/"),
        Shot("broadcast-en", f"/broadcasts/{of.sent}/", language="en"),
        Shot("phone-broadcast-zh", f"/broadcasts/{of.sent}/", phone=True),
        Shot("phone-todos-zh", "/todos/", phone=True),
    ]


def second_half(of: Chosen, language: str, *, phone: bool = False) -> list[Shot]:
    """Where all groups stand; of one group why, what is ahead, who answers whom; one beside another; reports."""
    names = {
        "portfolio": Shot("", "/portfolio/"),
        "group-why": Shot("", f"/groups/{of.told}/", before=open_evidence, part="why"),
        "group-ahead": Shot("", f"/groups/{of.told}/", part="outlook"),
        "group-ties": Shot("", f"/groups/{of.told}/", part="connection"),
        "compare": Shot("", f"/groups/compare/?a={of.told}&b={of.beside}"),
        "reports": Shot("", "/reports/"),
    }
    kept = ("portfolio", "group-why", "group-ties") if phone or language == "en" else tuple(names)
    start = "phone-" if phone else ""
    end = language[:2]
    return [replace(names[name], name=f"{start}{name}-{end}", language=language, phone=phone) for name in kept]


def first_pages(of: Chosen) -> list[Shot]:
    group, person, imported = of.group, of.person, of.imported
    return [
        Shot("home-zh", "/"),
        Shot("home-en", "/", language="en"),
        Shot("groups-zh", "/groups/"),
        Shot("groups-en", "/groups/", language="en"),
        Shot("group-zh", f"/groups/{group}/"),
        Shot("group-en", f"/groups/{group}/", language="en"),
        Shot("people-zh", "/people/?sort=-messages"),
        Shot("person-zh", f"/people/{person}/"),
        Shot("import-zh", "/imports/", before=open_formats),
        Shot("import-result-zh", f"/imports/{imported}/"),
        Shot("parked-zh", "/loops/parked/"),
        Shot("settings-zh", "/communities/zhiye/"),
        Shot("dark-home-zh", "/", dark=True),
        Shot("phone-home-zh", "/", phone=True),
        Shot("phone-group-zh", f"/groups/{group}/", phone=True),
        Shot("phone-groups-zh", "/groups/", phone=True),
    ]


def settle(folder: Path) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread, where Django would refuse queries
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()


def fill(folder: Path) -> None:
    """The sample communities as the first start loads them, on DAY, an account, and one file with a bad record."""
    from django.core.management import call_command  # noqa: PLC0415

    from huoqun.console.models import Role, Staff  # noqa: PLC0415
    from huoqun.wiring import first_start  # noqa: PLC0415
    from huoqun.wiring.worker import Worker  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    Staff.objects.create(username="lin", name="林晓", role=Role.ADMIN)
    first_start.load_samples(now=DAY)
    hand_in(folder)
    Worker(clock=lambda: DAY).run_dry()
    ask_reports()
    write_to_many()
    give_by_hand()
    Worker(clock=lambda: DAY, carriers=played).run_dry()


def played(account: Account) -> Carrier | None:
    """The pretended carrier as it is on DAY, and in trouble: one group turns us away, three ask for patience."""
    from huoqun.carriers.registry import Fault, Kind, pretended  # noqa: PLC0415
    from huoqun.wiring.worker import connected  # noqa: PLC0415

    if account.carrier != "pretend" or account.name != "play":
        return connected(account)
    carrier = pretended(account, now=lambda: DAY)
    carrier.world.plan(Fault(kind=Kind.FORBIDDEN, method="say"))
    carrier.world.plan(Fault(kind=Kind.TOO_FAST, method="say", times=3, seconds=600))
    return carrier


INVITATION = "{{群名}}的朋友们，这周六下午三点在社区花园换苗，{{运营|我们}}等你来。带上多出来的苗和一个袋子。"


def write_to_many() -> None:
    """Of the community to play in: a draft, and a broadcast on its way. One group has lost its live account."""
    from huoqun.community.models import Community, Group  # noqa: PLC0415
    from huoqun.console.models import Staff  # noqa: PLC0415
    from huoqun.content import operations  # noqa: PLC0415
    from huoqun.content.models import Way  # noqa: PLC0415

    lin, home = Staff.objects.get(username="lin"), Community.objects.get(slug="playground")
    unheard = Group.objects.filter(community=home).order_by("name")[5]
    Way.objects.filter(group_key=unheard.key).delete()
    said = {"text": INVITATION, "link_url": "https://example.com/swap", "link_title": "换苗地图"}
    first = operations.write(home, by=lin, now=DAY, title="周六换苗", **said)
    operations.write(home, by=lin, now=DAY, title="周六换苗，再提醒一次", spread_minutes=30, **said)
    operations.send(first, by=lin, now=DAY)


def give_by_hand() -> None:
    """Two more to-dos beside the one of the broadcast: one is late."""
    from huoqun.community.models import Community, Group  # noqa: PLC0415
    from huoqun.ownership import operations  # noqa: PLC0415
    from huoqun.ownership.types import Give  # noqa: PLC0415
    from huoqun.vocabulary.actions import DissolveGroup, SetNotice  # noqa: PLC0415
    from huoqun.vocabulary.ids import Account  # noqa: PLC0415

    home = Community.objects.get(slug="playground")
    account = Account(home.slug, "pretend", "play")
    first, second = Group.objects.filter(community=home).order_by("name")[:2]
    notice = SetNotice(
        account=account, group_id=first.native_id, text="新来的朋友先看置顶。发图请写：种了几天、多久浇一次、朝哪边。"
    )
    farewell = DissolveGroup(account=account, group_id=second.native_id)
    wishes = ((first, notice, -timedelta(minutes=40)), (second, farewell, timedelta(hours=5)))
    given = [
        Give(
            community=home,
            key=f"screens/{group.pk}",
            room="screens",
            about="screens",
            due_at=DAY + due,
            group=group,
            action=action,
        )
        for group, action, due in wishes
    ]
    operations.give_many(given, now=DAY - timedelta(hours=3))


def ask_reports() -> None:
    """A weekly report in both languages, and the check-up of one group."""
    from huoqun.community.models import Community  # noqa: PLC0415
    from huoqun.console.models import Staff  # noqa: PLC0415
    from huoqun.health import report_work  # noqa: PLC0415

    lin, home = Staff.objects.get(username="lin"), Community.objects.get(slug="zhiye")
    for language in ("zh-hans", "en"):
        report_work.ask_weekly(home, language, by=lin, now=DAY)
    report_work.ask_check_up(most_told(), "zh-hans", by=lin, now=DAY)


def hand_in(folder: Path) -> None:
    """A small Telegram export in which one record has no date."""
    from huoqun.carriers.operations import ask_import  # noqa: PLC0415
    from huoqun.community.models import Community  # noqa: PLC0415
    from huoqun.wiring.importing import read_in  # noqa: PLC0415

    path = folder / "夜跑群 ChatExport.json"
    first = int(DAY.timestamp()) - 40 * 86_400
    records: list[dict[str, Any]] = [
        {
            "id": n, "type": "message", "date": "2026-10-11T20:00:00", "date_unixtime": str(first + n * 7_200),
            "from": ("小陶", "阿莫", "林晓")[n % 3], "from_id": f"user{7000 + n % 3}", "text": f"今晚跑第 {n} 圈",
        }
        for n in range(1, 400)
    ]  # fmt: skip
    records.insert(120, {"id": 9001, "type": "message", "from": "小陶", "from_id": "user7000", "text": "这条没有时间"})
    chat = {"name": "滨江夜跑群", "type": "private_supergroup", "id": 1900000001, "messages": records}
    path.write_text(json.dumps(chat, ensure_ascii=False, indent=1), encoding="utf-8")
    home = Community.objects.get(slug="tonghaoli")
    asked = ask_import(home.slug, [path], title=path.name, zone=home.zone, by=None, now=DAY)
    read_in(asked, report=lambda *_: None, now=lambda: DAY)


def choose() -> Chosen:
    """A falling group with questions left open, somebody who speaks in several groups, and an import with a bad record."""
    from django.db.models import Count, Sum  # noqa: PLC0415

    from huoqun.carriers.models import Import  # noqa: PLC0415
    from huoqun.community.models import Group, Person  # noqa: PLC0415

    group = (
        Group.objects.filter(state="declining", roles__isnull=False)
        .annotate(open=Count("unanswered_questions", distinct=True), said=Sum("roles__messages"))
        .order_by("-open", "-said", "id")
        .first()
    )
    person = (
        Person.objects.filter(house="").annotate(groups=Count("identities__roles"), said=Sum("identities__roles__messages"))
        .filter(groups__gte=2).order_by("-said", "id").first()
    )  # fmt: skip
    asked = Import.objects.filter(bad__gt=0).first()
    assert group is not None
    assert person is not None
    assert asked is not None
    told = most_told()
    draft, sent = (broadcast_id(is_draft) for is_draft in (True, False))
    return Chosen(group.pk, person.pk, asked.pk, told.pk, beside(told).pk, draft, sent)


def broadcast_id(is_draft: bool) -> int:
    from django.db.models import Q  # noqa: PLC0415

    from huoqun.content.models import Broadcast  # noqa: PLC0415

    drafts = Q(state=Broadcast.State.DRAFT)
    return Broadcast.objects.filter(drafts if is_draft else ~drafts).values_list("pk", flat=True)[0]


def most_told() -> Group:
    """A falling group with a forecast and at least two causes, and of these the one with most ties."""
    from huoqun.health.models import GroupGraph, GroupHealth  # noqa: PLC0415

    graphs = {graph.group_id: len(graph.ties) for graph in GroupGraph.objects.all()}
    found = GroupHealth.objects.filter(audit__as_of=DAY.date(), state="declining", p_silent__isnull=False).order_by("group_id")
    rows = [row for row in found.select_related("group") if len(row.causes) > 1]
    return max(rows, key=lambda row: graphs.get(row.group_id, 0)).group


def beside(group: Group) -> Group:
    """The largest group of the same community that is steady."""
    from huoqun.health.models import GroupHealth  # noqa: PLC0415

    found = GroupHealth.objects.filter(audit__as_of=DAY.date(), state="steady", group__community=group.community)
    return found.order_by("-members", "group_id").select_related("group")[0].group


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """The console in a thread of this process, with the clock standing at DAY; with it its address."""
    from django.core.wsgi import get_wsgi_application  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    real = timezone.now
    timezone.now = lambda: DAY
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = make_server("127.0.0.1", port, get_wsgi_application(), handler_class=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        timezone.now = real


def signed_in() -> dict[str, str]:
    """The cookie of a session that ends long after DAY."""
    from django.conf import settings  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from huoqun.console.models import Staff  # noqa: PLC0415

    client = Client()
    client.force_login(Staff.objects.get(username="lin"))
    return {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}


def speak(language: str) -> None:
    from huoqun.console.models import Staff  # noqa: PLC0415

    Staff.objects.filter(username="lin").update(language=language)


def take(browser: Browser, server: str, shot: Shot) -> Path:
    speak(shot.language)
    context = browser.new_context(
        viewport={"width": PHONE if shot.phone else WIDE, "height": 844 if shot.phone else 800},
        device_scale_factor=1,
        locale="en-GB" if shot.language == "en" else "zh-CN",
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    cookie: Any = signed_in() | {"url": server}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(server + shot.address)
    page.wait_for_load_state("networkidle")
    if shot.before:
        shot.before(page)
    path = picture(page, shot.name, shot.part)
    context.close()
    return path


def picture(page: Page, name: str, part: str = "") -> Path:
    width = page.viewport_size["width"] if page.viewport_size else WIDE
    height = min(int(page.evaluate("() => document.documentElement.scrollHeight")), TALLEST[width])
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(400)  # charts draw themselves anew for the taller window
    path = SCREENS / f"{name}.png"
    if part:
        page.locator(f"#{part}").screenshot(path=path)
    else:
        page.screenshot(path=path, clip={"x": 0, "y": 0, "width": width, "height": height})
    subprocess.run(["pngquant", "--force", "--strip", "--ext", ".png", COLOURS, path], check=True)
    return path


def report(browser: Browser, folder: Path) -> Path:
    """The report of `huoqun audit --html` over the same samples' files."""
    import sample_world  # noqa: PLC0415
    from huoqun.wiring import first_start  # noqa: PLC0415

    out = folder / "report.html"
    if not out.is_file():
        world = sample_world.make(folder / "world", seed=first_start.SAMPLE_SEED, until=DAY)
        talk = sorted(str(path) for path in world.folder.glob("*/talk.parquet"))
        command = [str(Path(sys.executable).parent / "huoqun"), "audit", *talk, "--zone", "Asia/Shanghai"]
        subprocess.run([*command, "--language", "zh-hans", "--html", str(out)], check=True)
    page = browser.new_page(viewport={"width": WIDE, "height": 800}, color_scheme="light")
    page.goto(out.as_uri())
    path = picture(page, "report-zh")
    page.close()
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    subprocess.run([ROOT / "tools" / "system_packages", *PACKAGES], check=True)
    folder = asked.keep.resolve() if asked.keep else Path(tempfile.mkdtemp(prefix="huoqun-screens-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        all_pictures(folder, set(asked.only))
    finally:
        if not asked.keep:
            shutil.rmtree(folder, ignore_errors=True)


def all_pictures(folder: Path, only: set[str]) -> None:
    new = not (folder / "huoqun.sqlite3").exists()
    settle(folder)
    if new:
        fill(folder)
    SCREENS.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with served() as server, sync_playwright() as playwright:
        for language in ("zh-hans", "en"):
            # The browser's own words, such as those on a field for files, come in the language it is started in.
            words: dict[str, Any] = {**os.environ, "LANGUAGE": "en" if language == "en" else "zh_CN"}
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS, env=words)
            for shot in shots(choose()):
                if shot.language == language and (not only or shot.name in only):
                    tell(take(browser, server, shot))
            if language != "en" and (not only or "report-zh" in only):
                tell(report(browser, folder))
            browser.close()


def tell(path: Path) -> None:
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1000:.0f} kB", flush=True)


if __name__ == "__main__":
    main()
