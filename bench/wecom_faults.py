"""Does everything that is asked of WeCom happen once, whatever goes wrong on the way?

    python bench/wecom_faults.py [--runs 500] [--seed 1]

Each run asks the outbox for two dozen things through one company of the sandbox. Two workers, processes of their own, send
them over real sockets while the sandbox is slow, cuts connections before and after the work, answers with errors and rubbish,
and has its tokens revoked; workers are killed with SIGKILL at random moments and replaced. Afterwards one worker goes on until
nothing is left to do, and what the outbox believes is compared with what was really done. All clocks run thirty times as fast.
Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
FOLDER = tempfile.TemporaryDirectory(prefix="huoqun-bench-wecom-")
os.environ["HUOQUN_DATA"] = FOLDER.name
os.environ["DJANGO_SETTINGS_MODULE"] = "huoqun.config.settings"
os.environ["HUOQUN_LOG_LEVEL"] = "CRITICAL"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import Min, Q  # noqa: E402
from tests.carriers.wecom_far_side import DOING, Deed  # noqa: E402
from tests.carriers.wecom_rig import PICTURE, PIXEL, WeComRig, _times  # noqa: E402

from huoqun.carriers.wecom import carrier as carriers  # noqa: E402
from huoqun.carriers.wecom.carrier import WeCom  # noqa: E402
from huoqun.carriers.wecom.client import client as clients  # noqa: E402
from huoqun.carriers.wecom.client.client import Client, client_for  # noqa: E402
from huoqun.carriers.wecom.manifest import MANIFEST  # noqa: E402
from huoqun.carriers.wecom.models import Corp  # noqa: E402
from huoqun.outbox.loop import Sender  # noqa: E402
from huoqun.outbox.models import Request  # noqa: E402
from huoqun.outbox.operations import ask_many  # noqa: E402
from huoqun.outbox.rules.states import State  # noqa: E402
from huoqun.outbox.types import Ask  # noqa: E402
from huoqun.vocabulary import actions as act  # noqa: E402
from huoqun.vocabulary.ids import Account  # noqa: E402
from wecom_sandbox.answer import Raw  # noqa: E402
from wecom_sandbox.clock import Clock  # noqa: E402
from wecom_sandbox.company import Company, Plan  # noqa: E402
from wecom_sandbox.faults import fault_from  # noqa: E402
from wecom_sandbox.front import Front  # noqa: E402
from wecom_sandbox.server import Server  # noqa: E402

HASTE = 30
BIRTH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC).timestamp()
BEGUN = time.monotonic()
LEAPT = multiprocessing.Value("d", 0.0)
"""Seconds by which all clocks were put forward: known to every process."""

REQUESTS, GENERATIONS = 24, 3
ABLE = sorted(name for name, ability in MANIFEST.abilities.items() if ability.how == "api")
OFTEN = ["PostToGroup"] * 6 + ["WelcomeMember"] * 4 + ["MessageMember"] * 2 + ["MessageStaff"] * 2
FAULTS = (
    {"kind": "cut_before"},
    {"kind": "cut_after"},
    {"kind": "cut_after"},
    {"kind": "cut_halfway"},
    {"kind": "garbled"},
    {"kind": "slow", "seconds": 0.1},
    {"kind": "slow", "seconds": 0.9},
    {"kind": "500"},
    {"kind": "500", "status": 503},
    {"kind": "errcode", "errcode": -1},
    {"kind": "errcode", "errcode": 45033},
    {"kind": "errcode", "errcode": 42001},
    {"kind": "errcode", "errcode": 40014},
    {"kind": "errcode", "errcode": 987654},
    {"kind": "errcode", "errcode": 90501},
)
PATHS = (
    "*",
    "*",
    "*/add_msg_template",
    "*/send_welcome_msg",
    "*/message/send",
    "*/groupchat/*",
    "*/gettoken",
    "*/get_groupmsg_*",
)


def seconds() -> float:
    """The time everywhere in this play."""
    return BIRTH + (time.monotonic() - BEGUN) * HASTE + LEAPT.value


def now() -> datetime:
    return datetime.fromtimestamp(seconds(), UTC)


class Watched(Front):
    """The sandbox, and a list of what it really did."""

    def __init__(self, company: Company, deeds: list[Deed]) -> None:
        super().__init__(company)
        self.deeds = deeds

    def _envelope(self, request: Any, methods: Any, fault: Any) -> tuple[Raw, int]:
        raw, code = super()._envelope(request, methods, fault)
        path = request.path.removeprefix("/cgi-bin/")
        if code == 0 and path in DOING:
            self.deeds.append(Deed(path, json.loads(request.body), json.loads(raw.body)))
        return raw, code


# Workers: processes of their own


def sender(most: int) -> Sender:
    # Thirty times as fast, the longest call lasts a second.
    clients.PATIENCE, carriers.PATIENCE = 0.6, 0.75

    def carrier_for(account: Account) -> WeCom:
        return WeCom(account, now=now, sleep=lambda wait: time.sleep(wait / HASTE))

    return Sender(carrier_for, clock=now, steady=seconds, most=most)


def live() -> None:
    """Until somebody kills it."""
    worker = sender(most=8)
    while True:
        if not worker.round():
            time.sleep(0.01)


OPEN = Q(state__in=[State.WAITING, State.LEASED]) | Q(state=State.UNKNOWN, next_try_at__isnull=False)


def finish() -> None:
    """Alone, with nothing on its way: when there is nothing to do, time leaps."""
    worker = sender(most=100)
    for _ in range(3000):
        if worker.round():
            continue
        left = Request.objects.filter(OPEN)
        if not left.exists():
            return
        times = left.exclude(state=State.LEASED).aggregate(first=Min("next_try_at"))["first"]
        somebody_died = left.filter(state=State.LEASED).exists()
        leap = 20.0 if somebody_died or times is None else min(21600.0, max(5.0, times.timestamp() - seconds()))
        with LEAPT.get_lock():
            LEAPT.value += leap
    left = list(Request.objects.filter(OPEN).values_list("key", "action", "state", "reason", "next_try_at", "looks"))
    sys.exit(f"the last worker did not come to an end; at {now()} there are {left}")


class Nursery:
    """Forks workers: itself forked before there were threads."""

    def __init__(self) -> None:
        self._here, there = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=self._serve, args=(there,), daemon=True)
        self._process.start()

    def run(self, what: str, seed: int) -> int:
        self._here.send((what, seed))
        found = self._here.recv()
        if isinstance(found, str):
            sys.exit(found)
        return int(found)

    def _serve(self, there: Any) -> None:
        while True:
            what, seed = there.recv()
            there.send(self._killed(random.Random(seed)) if what == "kill" else self._finished())

    def _killed(self, chance: random.Random) -> int:
        children = [self._fork(live) for _ in range(2)]
        chance.shuffle(children)
        for child in children:
            time.sleep(chance.uniform(0.05, 0.6))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return len(children)

    def _finished(self) -> int | str:
        _, status = os.waitpid(self._fork(finish), 0)
        return "the last worker failed" if status else 0

    def _fork(self, work: Any) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 -- told, and the process ends
            traceback.print_exc()
        finally:
            os._exit(code)


# One run


class Stage(WeComRig):
    """The rig's samples, with a company that is reached over sockets."""

    def __init__(self, company: Company, line: Any, base_url: str) -> None:
        self.company, self.line = company, line
        self._serial = 0
        self._base_url = base_url
        self._corp: Corp | None = None

    def begin(self, seed: int) -> None:
        told = self.company.told()
        self.account = Account(f"run{seed}", "wecom", self.company.corpid)
        self._corp = Corp.objects.create(
            community=self.account.community,
            corpid=told["corpid"],
            api=self._base_url,
            agentid=told["apps"][0]["agentid"],
            app_secret=told["apps"][0]["secret"],
            contact_secret=told["contact_secret"],
            made_at=now(),
        )

    @property
    def corp(self) -> Corp:  # type: ignore[override]
        assert self._corp is not None
        return self._corp

    def _client(self, corp: Corp) -> Client:
        return client_for(corp, now=now)

    def _post_to_group(self, number: int) -> act.Action:
        """Some say the same to groups of one owner, so that they are joined."""
        text = f"今晚七点直播 {self.account.community} {self._serial // 6}"
        group = self.company.groups.owned_by("lin")[self._serial % 40]
        return act.PostToGroup(account=self.account, group_id=group.chat_id, body=act.Body(text=text))

    def _tag_member(self, number: int) -> act.Action:
        """A tag of its own: what stands there already is not asked for."""
        wish = super()._tag_member(number)
        assert isinstance(wish, act.TagMember)
        return replace(wish, add=(f"第{self._serial}次",))


class Line:
    """What the rig's samples put aside."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.strikes: list[Any] = []
        self.halfway: int | None = None


def one_run(stage: Stage, nursery: Nursery, seed: int) -> tuple[Counter[str], list[str], int]:
    """How requests ended, what is wrong, how many workers were killed."""
    chance = random.Random(seed)
    stage.begin(seed)
    actions = [stage.sample(chance.choice(ABLE + OFTEN), number) for number in range(REQUESTS)]
    stage.line.deeds.clear()
    expires = now() + timedelta(days=2)
    wishes = [
        Ask(action=action, key=f"k{number}", room="bench", about=f"run/{number}", run="run", expires=expires)
        for number, action in enumerate(actions)
    ]
    ask_many(wishes, now=now())
    killed = 0
    for _ in range(GENERATIONS):
        trouble(stage.company, chance)
        killed += nursery.run("kill", chance.randrange(1 << 30))
    with stage.company.lock:  # the other faults that are left strike the last worker
        slow = [fault.number for fault in stage.company.faults.planned if fault.seconds]
        for number in slow:
            stage.company.faults.clear(number)
    time.sleep(1.0)  # what was on its way to the sandbox when its sender was killed has arrived
    nursery.run("finish", seed)
    stage.company.faults.clear()
    ends, wrong = compared(stage, actions, seed)
    Request.objects.all().delete()
    return ends, wrong, killed


def trouble(company: Company, chance: random.Random) -> None:
    with company.lock:
        for _ in range(chance.randint(3, 8)):
            fault = dict(chance.choice(FAULTS)) | {"path": chance.choice(PATHS)}
            company.faults.plan(fault_from(fault | {"times": chance.randint(1, 3), "skip": chance.randint(0, 3)}))
        if chance.random() < 0.3:
            company.tokens.spoil(chance.choice(["expire", "forget", "reject"]))


def compared(stage: Stage, actions: list[act.Action], seed: int) -> tuple[Counter[str], list[str]]:
    rows = {row.key: row for row in Request.objects.all()}
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    for number, action in enumerate(actions):
        row, times = rows[f"k{number}"], _times(action, stage.line.deeds)
        # What was made and taken back in time has reached nobody.
        taken_back = {1} if row.state == State.EXPIRED and row.message_id else {0}
        allowed = {"sent": {1}, "confirming": {1}, "unknown": {0, 1}}.get(row.state, taken_back)
        ends[f"{row.state}, done" if times else row.state] += 1
        if times not in allowed:
            wrong.append(f"seed {seed}, k{number}, {row.action}: {row.state} ({row.reason}), done {times} times")
    return ends, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    wishes = parser.parse_args()
    nursery = Nursery()
    call_command("migrate", verbosity=0)
    (Path(settings.UPLOADS) / "pictures").mkdir(parents=True, exist_ok=True)
    (Path(settings.UPLOADS) / "pictures" / PICTURE).write_bytes(PIXEL)
    line = Line()
    company = Company(Plan(seed=5, staff=12, groups=1000, people=6000, customers=2000, quotas=False), clock=Clock(real=seconds))
    company.settings.customer_transfers_in_90_days = company.settings.group_transfers_in_90_days = 10_000
    company.settings.welcome_code_life = 3600  # twenty seconds are less than one here: each would come too late
    server = Server(Watched(company, line.deeds))
    server.start()
    stage = Stage(company, line, company.base_url)
    begun = time.monotonic()
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    killed = 0
    for seed in range(wishes.seed, wishes.seed + wishes.runs):
        print(f"{seed}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        ended, broken, dead = one_run(stage, nursery, seed)
        ends += ended
        wrong += broken
        killed += dead
        for each in broken:
            print(each, file=sys.stderr, flush=True)
    report(wishes.runs, ends, wrong, killed, company, time.monotonic() - begun)
    sys.exit(1 if wrong else 0)


def report(runs: int, ends: Counter[str], wrong: list[str], killed: int, company: Company, spent: float) -> None:
    calls, refused = sum(company.log.counts.values()), sum(company.log.errors.values())
    print(f"WeCom's sandbox, {runs} randomised runs of {REQUESTS} requests; {killed} workers killed, {calls} calls arrived")
    print(f"({refused} of them answered with an error), {spent:.0f} s.\n\n| request ended as | requests |\n| --- | --- |")
    for end, count in sorted(ends.items()):
        print(f"| {end} | {count} |")
    print(f"\nDone twice, said to be done and not, or said to be refused and done: {len(wrong)}.")


if __name__ == "__main__":
    main()
