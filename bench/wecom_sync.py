"""The first sync of a large company, and the night after: `python bench/wecom_sync.py [--groups 9000] [--people 1800000]`.

`--interrupt 2`: the first sync runs in processes of its own and is killed (SIGKILL) twice on the way, then goes on to its end.
Everything that is known then is compared with what the sandbox has, place by place, and so is history; and it is counted at the
sandbox how many calls were made twice.

The sandbox plays WeCom in a process of its own. Floor: the same pages fetched by a bare HTTP client with as many lines open,
and thrown away. Then a fresh database: the first walk, and a second one that finds nothing new. Wall and processor seconds, and
the largest memory of the process that reads; printed as Markdown rows for bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import signal
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
    prepare(folder)
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def prepare(folder: Path) -> None:
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()


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


# Interrupted


def piece(folder: Path) -> None:
    """In a process of its own: goes on with the first sync, and says after each page how far it is."""
    prepare(folder)
    from huoqun.carriers.registry import roster_for  # noqa: PLC0415
    from huoqun.carriers.wecom.models import Corp  # noqa: PLC0415
    from huoqun.wiring.syncing import sync  # noqa: PLC0415

    account = Corp.objects.get().account
    sync(
        roster_for(account),
        account,
        report=lambda done, total, _: print(done, total, flush=True),
        now=lambda: datetime.now(UTC),
    )
    print("memory", memory(), flush=True)


def interrupted(folder: Path, times: int, seed: int, work: int) -> None:
    """The walk over so many colleagues and groups in `times` + 1 pieces, all but the last killed somewhere on the way."""
    dice = random.Random(seed)
    places = sorted(dice.uniform(0.1, 0.9) * work for _ in range(times))
    for number, place in enumerate([*places, float("inf")], 1):
        begun, told = time.perf_counter(), [0.0, 1.0]
        process = subprocess.Popen(
            [sys.executable, __file__, "--piece", "--data", str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        most = ""
        for line in process.stdout:
            if line.startswith("memory"):
                most = f"{float(line.split()[1]):.0f}"
                continue
            told = [float(word) for word in line.split()]
            if told[0] >= place:
                process.send_signal(signal.SIGKILL)
                break
        code = process.wait()
        if code not in {0, -signal.SIGKILL}:
            raise SystemExit(f"piece {number} ended with {code}")
        ending = "killed" if code else "ended"
        seconds = time.perf_counter() - begun
        print(f"| piece {number}: {ending} at {told[0]:,.0f} of {told[1]:,.0f} | {seconds:.1f} | | {most} | |", flush=True)


class Sum:
    """Of things in any order: two are the same where the same things are in both, each as often."""

    def __init__(self) -> None:
        self.count = self.total = 0

    def add(self, *what: object) -> None:
        digest = hashlib.blake2b("|".join(map(str, what)).encode(), digest_size=8).digest()
        self.count, self.total = self.count + 1, self.total + int.from_bytes(digest, "big")

    def same_as(self, other: Sum) -> bool:
        return (self.count, self.total) == (other.count, other.total)

    def __str__(self) -> str:
        return f"{self.count:,} ({self.total % 16**8:08x})"


def there(bare: Bare, latest: float) -> tuple[Sum, Sum]:
    """Places as the sandbox has them, and those whose joins history must have."""
    places, joins = Sum(), Sum()
    for chat in bare.chats():
        for member in bare.ask("groupchat/get", {"chat_id": chat, "need_name": 1})["group_chat"]["member_list"]:
            places.add(chat, member["userid"], member["join_time"])
            if member["join_time"] < latest:
                joins.add(chat, member["userid"], member["join_time"])
    return places, joins


def kept() -> tuple[Sum, Sum]:
    import duckdb  # noqa: PLC0415

    from huoqun.community.models import Group, Identity, Membership  # noqa: PLC0415
    from huoqun.history.store import open_store  # noqa: PLC0415

    places, joins = Sum(), Sum()
    names = "group__native_id", "identity__native_id", "joined_at"
    for chat, member, at in Membership.objects.filter(left_at=None).values_list(*names).iterator(20_000):
        places.add(chat, member, int(at.timestamp()))
    chats = dict(Group.objects.values_list("key", "native_id"))
    people = dict(Identity.objects.values_list("key", "native_id").iterator(20_000))
    with duckdb.connect() as con:
        open_store().relation(con, community="big").filter("kind = 'join'").create_view("told")
        rows = con.execute("SELECT group_key, author_key, epoch(sent_at)::BIGINT FROM told")
        while part := rows.fetchmany(20_000):
            for chat, person, at in part:
                joins.add(chats[chat], people[person], at)
    return places, joins


def compared(company: dict[str, Any], latest: float) -> None:
    was, is_now = there(Bare(company), latest), kept()
    for name, far, near in zip(("places", "joins in history"), was, is_now, strict=True):
        same = "the same" if far.same_as(near) else "NOT THE SAME"
        print(f"\n{name}: sandbox {far}, here {near}: {same}")
    print("\n" + rows())
    if not all(far.same_as(near) for far, near in zip(was, is_now, strict=True)):
        raise SystemExit("something is missing or doubled")


def calls_at(company: dict[str, Any]) -> int:
    with httpx.Client(trust_env=False, timeout=60) as http:
        return sum(http.get(f"{company['base_url']}/sandbox/calls").json()["counts"].values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--people", type=int, default=1_800_000, help="memberships")
    parser.add_argument("--customers", type=int, default=200_000, help="people whom a colleague has as a contact")
    parser.add_argument("--staff", type=int, default=300)
    parser.add_argument("--data", type=Path, help="makes the database here; otherwise in a temporary folder")
    parser.add_argument("--interrupt", type=int, default=0, metavar="TIMES", help="kill -9 the first sync so often")
    parser.add_argument("--seed", type=int, default=2026, help="of where it is killed")
    parser.add_argument("--piece", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.piece:
        piece(asked.data)
        return
    print("| work | wall s | processor s | most memory MB | |\n| --- | ---: | ---: | ---: | --- |", flush=True)
    with sandbox(asked) as company:
        with timed("floor: the same pages fetched and thrown away") as told:
            bare = Bare(company)
            bare.everything()
            told.append(f"{bare.calls:,} calls, {bare.bytes / 1e6:,.0f} MB")
        folder = asked.data or Path(tempfile.mkdtemp(prefix="huoqun-bench-"))
        settle(folder)
        corp = connect(company)
        if asked.interrupt:
            before, begun = calls_at(company), time.time()
            interrupted(folder, asked.interrupt, asked.seed, asked.staff + asked.groups)
            made = calls_at(company) - before
            print(f"\ncalls: {made:,}, {made - bare.calls:,} more than the floor's ({made / bare.calls - 1:.1%})")
            compared(company, begun - 15 * 60)
            return
        with timed("first sync") as told:
            brought = walk(corp)
            told.append(f"{brought.joined:,} places; " + rows())
        with timed("the night after") as told:
            told.append(str(walk(corp)))


if __name__ == "__main__":
    main()
