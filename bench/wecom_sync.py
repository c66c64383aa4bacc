"""The first sync of a large company, and the night after: `python bench/wecom_sync.py [--groups 9000] [--people 1800000]`.

The sandbox plays WeCom in a process of its own. Floor: the same pages fetched by a bare HTTP client with as many lines open,
and thrown away. Then a fresh database: the first walk, and a second one that finds nothing new. Wall and processor seconds, and
the largest memory of the process that reads; printed as Markdown rows for bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

LINES = 16


@contextmanager
def sandbox(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    sizes = {"groups": asked.groups, "people": asked.people, "customers": asked.customers, "staff": asked.staff}
    words = [word for name, size in sizes.items() for word in (f"--{name}", str(size))]
    command = [sys.executable, "-m", "wecom_sandbox", "--no-quotas", *words]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


@contextmanager
def timed(title: str, told: str = "") -> Iterator[list[str]]:
    more = [told]
    begun, busy = time.perf_counter(), time.process_time()
    yield more
    wall, cpu = time.perf_counter() - begun, time.process_time() - busy
    print(f"| {title} | {wall:.1f} | {cpu:.1f} | {memory():.0f} | {more[-1]} |", flush=True)


def memory() -> float:
    """The most this process has had at once, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Bare:
    """Fetches what the sync fetches."""

    def __init__(self, company: dict[str, Any]) -> None:
        self.http = httpx.Client(base_url=f"{company['base_url']}/cgi-bin/", timeout=60, trust_env=False)
        secret = company.get("contact_secret") or company["apps"][0]["secret"]
        token = self.http.get("gettoken", params={"corpid": company["corpid"], "corpsecret": secret}).json()["access_token"]
        self.http.params = httpx.QueryParams(access_token=token)
        self.bytes = self.calls = 0

    def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._told(self.http.post(f"externalcontact/{path}", json=body))

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._told(self.http.get(f"externalcontact/{path}", params=query))

    def thrown_away(self, path: str, body: dict[str, Any]) -> None:
        self._count(self.http.post(f"externalcontact/{path}", json=body))

    def _told(self, response: httpx.Response) -> dict[str, Any]:
        self._count(response)
        answer: dict[str, Any] = response.json()
        assert answer["errcode"] in {0, 84061}, answer
        return answer

    def _count(self, response: httpx.Response) -> None:
        self.calls += 1
        self.bytes += len(response.content)

    def everything(self) -> None:
        serving = self.get("get_follow_user_list")["follow_user"]
        with ThreadPoolExecutor(LINES) as lines:
            list(lines.map(self.customers_of, serving))
            list(lines.map(lambda chat: self.thrown_away("groupchat/get", {"chat_id": chat, "need_name": 1}), self.chats()))

    def customers_of(self, userid: str) -> None:
        if not self.get("list", userid=userid).get("external_userid"):
            return
        cursor = ""
        while True:
            body = {"userid_list": [userid], "cursor": cursor, "limit": 100}
            cursor = self.ask("batch/get_by_user", body).get("next_cursor", "")
            if not cursor:
                return

    def chats(self) -> list[str]:
        found, cursor = [], ""
        while True:
            page = self.ask("groupchat/list", {"limit": 1000, "cursor": cursor})
            found += [each["chat_id"] for each in page["group_chat_list"]]
            cursor = page.get("next_cursor", "")
            if not cursor:
                return found


def settle(folder: Path) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def connect(company: dict[str, Any]) -> Any:
    from huoqun.carriers.wecom.models import Corp  # noqa: PLC0415
    from huoqun.community.operations import communities  # noqa: PLC0415

    now = datetime.now(UTC)
    communities.found("大社群", slug="big", zone="Asia/Shanghai", now=now)
    app = company["apps"][0]
    return Corp.objects.create(
        community="big",
        corpid=company["corpid"],
        api=company["base_url"],
        agentid=app["agentid"],
        app_secret=app["secret"],
        contact_secret=company.get("contact_secret", ""),
        made_at=now,
    )


def walk(corp: Any) -> Any:
    from huoqun.carriers.registry import roster_for  # noqa: PLC0415
    from huoqun.wiring.syncing import sync  # noqa: PLC0415

    return sync(roster_for(corp.account), corp.account, report=shown(), now=lambda: datetime.now(UTC))


def shown() -> Any:
    begun, last = time.perf_counter(), [0.0]

    def report(done: int, total: int, message: str) -> None:
        if time.perf_counter() - last[0] > 10:
            last[0] = time.perf_counter()
            print(
                f"  {time.perf_counter() - begun:.0f} s: {done:,} of {total:,}, {memory():.0f} MB", file=sys.stderr, flush=True
            )

    return report


def rows() -> str:
    from huoqun.community.models import Contact, Group, Membership, Person  # noqa: PLC0415

    counted: Sequence[Any] = (Group, Membership, Person, Contact)
    return ", ".join(f"{model._default_manager.count():,} {model._meta.verbose_name_plural}" for model in counted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--people", type=int, default=1_800_000, help="memberships")
    parser.add_argument("--customers", type=int, default=200_000, help="people whom a colleague has as a contact")
    parser.add_argument("--staff", type=int, default=300)
    parser.add_argument("--data", type=Path, help="makes the database here; otherwise in a temporary folder")
    asked = parser.parse_args()
    print("| work | wall s | processor s | most memory MB | |\n| --- | ---: | ---: | ---: | --- |", flush=True)
    with sandbox(asked) as company:
        with timed("floor: the same pages fetched and thrown away") as told:
            bare = Bare(company)
            bare.everything()
            told.append(f"{bare.calls:,} calls, {bare.bytes / 1e6:,.0f} MB")
        settle(asked.data or Path(tempfile.mkdtemp(prefix="huoqun-bench-")))
        corp = connect(company)
        with timed("first sync") as told:
            brought = walk(corp)
            told.append(f"{brought.joined:,} places; " + rows())
        with timed("the night after") as told:
            told.append(str(walk(corp)))


if __name__ == "__main__":
    main()
