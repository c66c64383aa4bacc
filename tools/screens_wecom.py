"""Takes the pictures of docs/screens that show a connected company: the live demo of `make run-wecom`, in Chromium.

    python tools/screens_wecom.py

The company is the same each time (a seed); times in the pictures are those of the moment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, sync_playwright
from run_wecom import COMMANDS, Sandbox, connect, first_line, settle, started
from screens import FLAGS, PACKAGES, ROOT, Shot, take, tell

if TYPE_CHECKING:
    from huoqun.community.models import Membership

PORT, SANDBOX_PORT = 8790, 8780
WORDS = (
    "老师好，周末的跑步打卡还是七点在东门集合吗？",
    "我带朋友一起来可以吗？",
    "收到，谢谢！",
    "昨天跑了五公里，膝盖有点酸。",
)
PATIENCE = 240


def wait(for_what: str, is_so: Callable[[], bool]) -> None:
    for _ in range(PATIENCE):
        if is_so():
            return
        time.sleep(1)
    sys.exit(f"waited {PATIENCE} seconds in vain for {for_what}")


def live(sandbox: Sandbox, connected: dict[str, str]) -> Membership:
    """The company is read once, and a customer says something that can be seen."""
    from huoqun.carriers.wecom.models import Archive, Sync  # noqa: PLC0415
    from huoqun.community.models import Membership  # noqa: PLC0415
    from huoqun.console.models import Role, Staff  # noqa: PLC0415

    Staff.objects.create(username="lin", name="林晓", role=Role.ADMIN)
    wait("Huoqun", lambda: sandbox.control("callback", url=connected["callback_url"])["saved"])
    sandbox.control("archive/key", public_key=connected["archive_key"])
    wait("the first sync", lambda: Sync.objects.filter(state="done").exists())
    known = Membership.objects.filter(left_at=None, identity__known_by__remark__gt="", group__name__contains="跑步")
    place = known.select_related("identity__person", "group__community").order_by("pk").first()
    assert place is not None
    for words in WORDS:
        sandbox.control("people/speak", by=place.identity.native_id, chat_id=place.group.native_id, text=words)
    sandbox.control("people/play", acts=40)
    wait("the archive", lambda: Archive.objects.filter(records__gte=len(WORDS), more=False).exists())
    time.sleep(8)  # what was read reaches history
    give(place)
    return place


def give(place: Membership) -> None:
    from huoqun.console.models import Staff  # noqa: PLC0415
    from huoqun.ownership import operations  # noqa: PLC0415
    from huoqun.ownership.types import Give  # noqa: PLC0415

    now = datetime.now(UTC)
    wish = Give(
        community=place.group.community,
        key="screens/who",
        room="screens",
        about="screens",
        due_at=now + timedelta(hours=3),
        title="回访：膝盖好些了吗",
        text="您好，前两天说膝盖有点酸，好些了吗？这周先别跑长距离，来走一圈也欢迎。",
        member=place.identity,
        to=Staff.objects.get(username="lin"),
    )
    operations.give_many([wish], now=now)


def shots(place: Membership, corpid: str) -> list[Shot]:
    def find(page: Page) -> None:
        """As the script does once the app around it has said who is being talked to."""
        asked = f"/who/wecom/{corpid}/customer/?id={place.identity.native_id}"
        page.evaluate("(address) => window.htmx.ajax('GET', address, { target: '#who', swap: 'innerHTML' })", asked)
        page.wait_for_selector(".who-said")

    def examined(page: Page) -> None:
        page.wait_for_selector(".findings", timeout=60_000)

    return [
        Shot("wecom-connect-zh", "/wecom/connect/"),
        Shot("wecom-connect-en", "/wecom/connect/", language="en"),
        Shot("wecom-company-zh", "/wecom/1/", before=examined),
        Shot("wecom-company-en", "/wecom/1/", language="en", before=examined),
        Shot("wecom-doctor-zh", "/wecom/1/doctor/", before=examined),
        Shot("wecom-doctor-en", "/wecom/1/doctor/", language="en", before=examined),
        Shot("wecom-sync-zh", "/wecom/1/sync/"),
        Shot("phone-wecom-doctor-zh", "/wecom/1/doctor/", phone=True, before=examined),
        Shot("phone-who-zh", f"/who/wecom/{corpid}/", phone=True, before=find),
    ]


def pictures(all_shots: list[Shot]) -> None:
    from shutil import which  # noqa: PLC0415

    chromium: Any = which("chromium") or which("chromium-browser") or which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for shot in all_shots:
            tell(take(browser, f"http://127.0.0.1:{PORT}", shot))
        browser.close()


def main() -> None:
    subprocess.run([ROOT / "tools" / "system_packages", *PACKAGES], check=True)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread, where Django would refuse queries
    with tempfile.TemporaryDirectory(prefix="huoqun-screens-", ignore_cleanup_errors=True) as folder:
        wanted = [str(COMMANDS / "huoqun-sandbox"), "--port", str(SANDBOX_PORT), "--seed", "7"]
        with started(wanted, stdout=subprocess.PIPE) as company:
            sandbox = Sandbox(first_line(company))
            settle(Path(folder), PORT, sandbox)
            connected = connect(sandbox)
            with started([str(COMMANDS / "huoqun"), "serve", "--port", str(PORT)]):
                pictures(shots(live(sandbox, connected), sandbox.told["corpid"]))


if __name__ == "__main__":
    main()
