"""How long the console's pages take on a large installation, and how many queries they ask.

    python bench/pages.py build [--groups 9000] [--people 1800000] [--data FOLDER]     makes the database (a few minutes)
    python bench/pages.py measure [--rounds 30] [--data FOLDER]                        test client, then over HTTP
    python bench/pages.py start [--data FOLDER]                                        a later start and its memory

Prints Markdown rows for bench/RESULTS.md. Rows are written straight into the database, as an audit would leave them; nothing
of history is needed, because pages read snapshots. Beside the pages stands /healthz, Django's own floor in the same run.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
AS_OF = NOW.date() - timedelta(days=1)
AUDITS, DAYS, WEEKS = 7, 90, 26
SPEAKERS = 200_000
STATES = ("thriving", "steady", "bubbling", "declining", "dormant", "dead", "planned_end")
SHARES = (1, 12, 20, 8, 18, 38, 3)
CAUSES = ("", "ad_fatigue", "newcomers_ignored", "operator_dependent", "same_old_faces", "too_small")
ACTIONS = ("revive", "welcome_and_answer", "thin_out_ads", "share_the_load", "merge", "farewell")
WELL = ("thriving", "steady")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华玉萍红梅鑫宇晨雨欣怡子涵梓轩"
TITLES = ("福利群", "读书会", "妈妈群", "夜跑群", "书写作业群", "新品体验群")


def settle(folder: Path) -> None:
    """Django on this data folder; everything of huoqun is imported afterwards."""
    os.environ["HUOQUN_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
    import django  # noqa: PLC0415 -- the folder has to be known before the settings are read

    django.setup()


def thousands(rows: Iterable[tuple[Any, ...]], size: int = 20_000) -> Iterator[list[tuple[Any, ...]]]:
    ahead = iter(rows)
    while part := list(islice(ahead, size)):
        yield part


class Table:
    """Inserts plain rows; columns left out get what the model says they are by default."""

    def __init__(self, model: Any, *columns: str, **same: object) -> None:
        from django.db import connection  # noqa: PLC0415

        fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
        self.fields = [fields[name] for name in columns]
        rest = [field for name, field in fields.items() if name not in columns]
        self.rest: list[Any] = [self._stored(field, same.get(field.attname, field.get_default())) for field in rest]
        names = ", ".join(connection.ops.quote_name(field.column) for field in (*self.fields, *rest))
        key = connection.ops.quote_name(model._meta.pk.column)
        places = ", ".join(["%s"] * (len(columns) + len(rest) + 1))
        table = connection.ops.quote_name(model._meta.db_table)
        self.statement = f"INSERT INTO {table} ({key}, {names}) VALUES ({places})"

    def _stored(self, field: Any, value: object) -> object:
        from django.db import connection  # noqa: PLC0415

        return field.get_db_prep_save(value, connection)

    def fill(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows are (key, values in the order of the columns)."""
        from django.db import connection  # noqa: PLC0415

        with connection.cursor() as cursor:
            for part in thousands(rows):
                stored: list[Any] = [(row[0], *self._row(row[1:]), *self.rest) for row in part]
                cursor.executemany(self.statement, stored)

    def _row(self, values: tuple[Any, ...]) -> list[Any]:
        plain = (str, int, float, type(None))
        return [
            value if isinstance(value, plain) else self._stored(field, value)
            for field, value in zip(self.fields, values, strict=True)
        ]


def build(groups: int, people: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection, transaction  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
    dice = random.Random(20261101)
    with transaction.atomic():
        staff_and_communities()
        groups_of(groups, dice)
        people_of(groups, people, dice)
        memberships_of(groups, people, dice)
    with transaction.atomic():
        audits_of(groups, dice)
        roles_of(groups, people, dice)
        imports_of(dice)


def staff_and_communities() -> None:
    """One large community, and a small one beside it."""
    from huoqun.community.models import Community, Tag  # noqa: PLC0415
    from huoqun.console.models import Role, Staff  # noqa: PLC0415

    Staff.objects.create(username="lin", role=Role.ADMIN, language="zh-hans").set_password("not used here")
    for number in range(12):
        Staff.objects.create(username=f"operator{number:02d}", role=Role.OPERATOR)
    big = Community.objects.create(slug="big", name="栀野生活", zone="Asia/Shanghai", created_at=NOW)
    Community.objects.create(slug="small", name="同好里", zone="Asia/Shanghai", created_at=NOW)
    Tag.objects.bulk_create(Tag(community=big, name=name) for name in ("门店", "福利", "会员", "新品"))


def groups_of(groups: int, dice: random.Random) -> None:
    from huoqun.community.models import Group  # noqa: PLC0415

    table = Table(
        Group, "community_id", "key", "carrier", "native_id", "name", "operator_id", "state", "state_since", "born_at"
    )
    table.fill(
        (
            number,
            community_of(number),
            number * 7_919_000_003,
            dice.choice(("wecom", "qq", "telegram")),
            f"room-{number}",
            f"{dice.choice(SURNAMES)}家{dice.choice(TITLES)}{number}号",
            2 + number % 12,
            state_of(number),
            days_ago(dice, 400),
            NOW - timedelta(days=dice.randrange(100, 900)),
        )
        for number in range(1, groups + 1)
    )
    tagged = Group.tags.through
    tagged.objects.bulk_create(tagged(group_id=n, tag_id=1 + n % 4) for n in range(1, groups + 1, 3))


def state_of(number: int) -> str:
    return random.Random(number).choices(STATES, SHARES)[0]


def days_ago(dice: random.Random, most: int) -> date:
    return AS_OF - timedelta(days=dice.randrange(most))


def name_of(number: int) -> str:
    dice = random.Random(number)
    return dice.choice(SURNAMES) + dice.choice(GIVEN) + (dice.choice(GIVEN) if number % 3 else f"_{number}")


def group_of(person: int, groups: int, people: int) -> int:
    """Everybody is in one group; a group's members stand together, as an import leaves them."""
    return 1 + (person - 1) * groups // people


def community_of(group: int) -> int:
    return 1 + (group % 20 == 0)


def people_of(groups: int, people: int, dice: random.Random) -> None:
    from huoqun.community.models import Identity, Person  # noqa: PLC0415

    house = ("staff", "helper", "bot")
    homes = [community_of(group_of(n, groups, people)) for n in range(1, people + 1)]
    persons = Table(Person, "community_id", "name", "house")
    persons.fill((n, home, name_of(n), house[n % 3] if n % 5000 == 0 else "") for n, home in enumerate(homes, 1))
    identities = Table(Identity, "person_id", "community_id", "key", "carrier", "native_id", "name", named_at=NOW)
    identities.fill((n, n, home, dice.getrandbits(62), "wecom", f"wm{n:09d}", name_of(n)) for n, home in enumerate(homes, 1))


def memberships_of(groups: int, people: int, dice: random.Random) -> None:
    from huoqun.community.models import Membership  # noqa: PLC0415

    table = Table(Membership, "group_id", "identity_id", "joined_at", "seen_at", way="link")
    joined = [NOW - timedelta(days=days) for days in range(400)]
    table.fill((n, group_of(n, groups, people), n, dice.choice(joined), NOW) for n in range(1, people + 1))


def audits_of(groups: int, dice: random.Random) -> None:
    from huoqun.health.models import Audit, GroupDay, GroupHealth  # noqa: PLC0415

    counted = {state: sum(state_of(n) == state for n in range(1, groups + 1)) for state in STATES}
    days = [AS_OF - timedelta(weeks=week) for week in range(1, WEEKS)] + [AS_OF - timedelta(days=n) for n in range(AUDITS)]
    made = []
    for community in (1, 2):
        share = 0.95 if community == 1 else 0.05
        for day in sorted(set(days)):
            whole = portfolio({state: round(n * share) for state, n in counted.items()})
            complete = day > AS_OF - timedelta(days=AUDITS)
            more = second_half(community, groups, dice) if day == AS_OF else {}
            stood = states_on(community, groups, (AS_OF - day).days)
            kept: dict[str, Any] = {"portfolio": whole, "complete": complete, "states": stood, **more}
            made.append(Audit(community_id=community, as_of=day, ran_at=NOW, **kept))
    Audit.objects.bulk_create(made)
    newest = list(Audit.objects.filter(complete=True).order_by("id"))
    GroupHealth.objects.bulk_create(healths_of(newest, groups, dice), batch_size=1000)
    table = Table(GroupDay, "group_id", "day", "messages", "speakers", "house_messages", joins=1, leaves=0)
    rows = ((group, back) for group in range(1, groups + 1) for back in range(DAYS))
    table.fill(
        (key, group, AS_OF - timedelta(days=back), dice.randrange(80), dice.randrange(20), dice.randrange(5))
        for key, (group, back) in enumerate(rows, 1)
    )


def states_on(community: int, groups: int, days_back: int) -> dict[str, list[int]]:
    """Today's states; the further back, the more groups stood elsewhere."""
    found: dict[str, list[int]] = {}
    for group in range(1, groups + 1):
        if community_of(group) == community:
            elsewhere = group % 1000 < days_back * 2
            found.setdefault(state_of(group + groups if elsewhere else group), []).append(group)
    return found


def second_half(community: int, groups: int, dice: random.Random) -> dict[str, Any]:
    """What the newest audit says beside its groups: the forecast's record, advice for each group not well, operators."""
    track = {
        "groups": groups, "forecasts": 9000, "silences": 900, "windows": 12, "first_day": 20000, "last_day": 20400, "auc": 0.88,
        "auc_low": 0.86, "auc_high": 0.9, "calibration_error": 0.02, "bins": [], "brier": 0.1, "brier_base": 0.2, "ended": 900,
        "warned": 500, "lead_days": 33,
    }  # fmt: skip
    rows = [
        {
            "group_key": group * 7_919_000_003, "action": action_of(group), "operator": f"operator{group % 12:02d}",
            "hours": 1.0 + group % 4, "people": round(dice.paretovariate(1), 2), "messages": 40.0, "place": group,
            "within": group % 50 == 0, "with_group": None,
        }
        for group in range(1, groups + 1)
        if community_of(group) == community and state_of(group) not in WELL
    ]  # fmt: skip
    operators = [
        {
            "operator": f"operator{number:02d}", "groups": groups // 12, "alive_share": 0.5, "messages_a_group": 90.0,
            "alive": 0.01, "alive_low": -0.05, "alive_high": 0.07, "talk": 1.02, "talk_low": 0.9, "talk_high": 1.2,
            "verdict": "cannot_tell", "hours_a_week": 20.0, "hours_a_group": 0.1, "house_messages": 900,
        }
        for number in range(12)
    ]  # fmt: skip
    advice = {"hours": 120.0, "rows": rows, "totals": [], "loads": [], "left_alone": 0}
    return {"outlook": {"track": track, "why_none": "", "model": "shipped"}, "advice": advice, "operators": operators}


def action_of(group: int) -> str:
    return ACTIONS[group % len(ACTIONS)]


def causes_of(group: int) -> dict[str, Any]:
    """Why, what next and how likely silence is, for a group that is not well."""
    code = CAUSES[group % len(CAUSES)]
    said = [{"at": int(NOW.timestamp() * 1000), "author": 1, "kind": "message", "text": "大家好" * 10}] * 3
    causes = [{"code": code, "strength": 0.7, "figures": {"speakers_90d": 12, "ads_share": 0.5}, "messages": said}]
    return {
        "main_cause": code, "enough": bool(code), "causes": causes if code else [], "action": action_of(group),
        "advice": {"figures": {}, "effort": 2.0, "first_step": "ask_regulars", "watch": [], "with_group": None},
        "p_silent": group % 97 / 100, "p_silent_low": group % 97 / 120, "p_silent_high": min(1.0, group % 97 / 80),
    }  # fmt: skip


def portfolio(states: dict[str, int]) -> dict[str, object]:
    groups = sum(states.values())
    return {
        "groups": groups, "no_talk_seen": groups // 30, "every_day": states["thriving"], "sometimes": groups // 3,
        "silent": groups // 2, "alive_7d_groups": groups // 3, "alive_30d_groups": groups // 2,
        "silent_90d_groups": groups // 4, "posters": 200_000, "top1_share": 0.61, "next9_share": 0.29, "rest_share": 0.1,
        "median_life_days": 120, "old_enough": groups, "silent_in_a_week": 0.3, "outlived_a_month": 0.4, "states": states,
    }  # fmt: skip


def healths_of(audits: list[Any], groups: int, dice: random.Random) -> Iterator[Any]:
    """Only the newest audits carry all figures by name, and one group in fifty turned since the day before."""
    from huoqun.health.models import GroupHealth  # noqa: PLC0415

    for audit in audits:
        newest = audit.as_of == AS_OF
        for group in range(1, groups + 1):
            if community_of(group) != audit.community_id:
                continue
            turned = newest and group % 50 == 1
            yield GroupHealth(
                audit=audit, group_id=group, state="declining" if turned else state_of(group), since=days_ago(dice, 400),
                rule="sometimes", p_alive=dice.random(), p_low=0.1, p_high=0.9, messages_7d=dice.randrange(900),
                speakers_7d=dice.randrange(60), days_active_7d=dice.randrange(8), messages_30d=dice.randrange(4000),
                messages_ever=dice.randrange(90_000), last_message_at=NOW - timedelta(hours=dice.randrange(2000)),
                days_silent=dice.randrange(90), life_days=dice.randrange(900), members=200, joins_30d=dice.randrange(30),
                leaves_30d=dice.randrange(20), questions_30d=dice.randrange(40), unanswered=dice.randrange(6),
                changed_on=days_ago(dice, 60), level_before=40.0, level_now=12.0, top_person_share=0.2, top1_share=0.3,
                reasons=[["talk_sometimes", {"days": 4, "window": 7}]], figures=figures(dice) if newest else {},
                **(causes_of(group) if newest and state_of(group) not in WELL else {}),
            )  # fmt: skip


def figures(dice: random.Random) -> dict[str, object]:
    named: dict[str, object] = {
        "speakers_90d": 60,
        "half_holders": 4,
        "top1_share": 0.3,
        "next9_share": 0.3,
        "rest_share": 0.4,
        "top_people": 1,
    }
    more: dict[str, object] = {"next_people": 5, "newcomers_90d": 30, "had_a_week": 25, "spoke_within_7d": 9, "first_words": 9}
    return named | more | {"first_words_answered": dice.randrange(10)} | {f"figure_{n}": dice.random() for n in range(60)}


def roles_of(groups: int, people: int, dice: random.Random) -> None:
    from huoqun.community.models import Community  # noqa: PLC0415
    from huoqun.health import operations  # noqa: PLC0415
    from huoqun.health.models import PersonRole, Unanswered  # noqa: PLC0415

    table = Table(PersonRole, "group_id", "identity_id", "role", "reason", "messages", "days", "replies", "share", "last_at")
    said = [NOW - timedelta(hours=hours) for hours in range(2000)]
    step = max(1, people // SPEAKERS)
    parts = (("onlooker", "says_little"), ("active", "says_more_than_most"), ("co_builder", "carries_and_answers"))
    shares = random.Random(7).choices(parts, (90, 8, 2), k=1000)
    talk = [1 + int(dice.paretovariate(1)) for _ in range(1000)]
    table.fill(
        (n, group_of(person, groups, people), person, *shares[n % 1000], talk[n % 997], 1 + n % 30, n % 7, 0.01, said[n % 2000])
        for n, person in enumerate(range(1, people + 1, step), 1)
    )
    line = {"at": int(NOW.timestamp() * 1000), "author": 1, "kind": "message", "text": "有人知道吗？", "asked": True}
    Unanswered.objects.bulk_create(
        (
            Unanswered(
                group_id=1 + n % groups, source_id=f"m{n}", asked_at=said[n % 2000], text="有人知道吗？", around=[line] * 5
            )
            for n in range(groups * 2)
        ),
        batch_size=1000,
    )
    for community in Community.objects.all():
        operations.sum_up_people(community)


def imports_of(dice: random.Random) -> None:
    from huoqun.carriers.models import Import  # noqa: PLC0415

    Import.objects.bulk_create(
        Import(
            community="big", title=f"talk-{n}.parquet", state="done", format="Huoqun's own table", read=90_000,
            added=dice.randrange(90_000), bad=n % 3, groups=30, people=6000, asked_at=NOW - timedelta(days=n),
        )
        for n in range(300)
    )  # fmt: skip


def pages() -> list[tuple[str, list[str]]]:
    """A name and the addresses that are asked in turn."""
    from huoqun.community.models import Group, Person  # noqa: PLC0415

    groups = list(Group.objects.order_by("?").values_list("id", flat=True)[:20])
    people = list(Person.objects.filter(identities__roles__isnull=False)[:200].values_list("id", flat=True))[::10]
    return [
        ("floor: /healthz", ["/healthz"]),
        ("first page", ["/"]),
        ("portfolio", ["/portfolio/", "/portfolio/?hours=40"]),
        ("portfolio, by change of talk", ["/portfolio/?by=level"]),
        ("groups, first page", ["/groups/"]),
        ("groups, filtered", ["/groups/?state=declining&state=dormant", "/groups/?carrier=qq", "/groups/?tag=2"]),
        (
            "groups, by cause, action, forecast",
            ["/groups/?cause=ad_fatigue", "/groups/?action=merge", "/groups/?chance_from=50"],
        ),
        ("groups, of a mark on the map", ["/groups/?state=dead&growth_from=2&growth_to=5&alive_from=10&alive_to=20"]),
        ("groups, sorted", ["/groups/?sort=-chance", "/groups/?sort=growth", "/groups/?sort=p_alive", "/groups/?sort=name"]),
        ("groups, page 100", ["/groups/?page=100"]),
        ("groups, searched", ["/groups/?q=读书会", "/groups/?q=room-77", "/groups/?q=没有这个群"]),
        ("group", [f"/groups/{key}/" for key in groups]),
        ("people, first page", ["/people/"]),
        ("people, page 100", ["/people/?page=100"]),
        ("people, sorted by messages", ["/people/?sort=-messages", "/people/?sort=messages"]),
        ("people, sorted by name, by last message", ["/people/?sort=name", "/people/?sort=-last_at"]),
        ("people, filtered", ["/people/?house=bot", "/people/?role=co_builder", "/people/?messages_from=20"]),
        ("people, searched: common", ["/people/?q=王伟", "/people/?q=李"]),
        ("people, searched: rare", ["/people/?q=伟芳", "/people/?q=wm000777777", "/people/?q=没有这个人"]),
        ("person", [f"/people/{key}/" for key in people]),
        ("imports", ["/imports/"]),
        ("communities", ["/communities/"]),
        ("parked entries", ["/loops/parked/"]),
    ]


@contextmanager
def chosen(slug: str) -> Iterator[Any]:
    """A signed-in test client that looks at one community; "" for all."""
    from django.test import Client  # noqa: PLC0415

    from huoqun.console.models import Staff  # noqa: PLC0415

    client = Client()
    client.force_login(Staff.objects.get(username="lin"))
    if slug:
        session = client.session
        session["community"] = slug
        session.save()
    yield client


def percentile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def in_process(rounds: int) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    for slug, words in (("", "all communities"), ("big", "one community")):
        print(f"\n{words}\n")
        print("| page | p50 ms | p95 ms | queries |\n| --- | ---: | ---: | ---: |")
        with chosen(slug) as client:
            for name, addresses in pages():
                with CaptureQueriesContext(connection) as asked:
                    answer = client.get(addresses[0], HTTP_HOST="localhost")
                    assert answer.status_code == 200, (addresses[0], answer.status_code)
                queries = len(asked)
                times = [timed(client.get, addresses[n % len(addresses)]) for n in range(rounds)]
                print(row(name, times, queries), flush=True)


def timed(get: Callable[..., Any], address: str) -> float:
    begun = time.perf_counter()
    answer = get(address, HTTP_HOST="localhost")
    assert answer.status_code == 200, (address, answer.status_code)
    return (time.perf_counter() - begun) * 1000


def row(name: str, times: list[float], queries: object) -> str:
    return f"| {name} | {statistics.median(times):.0f} | {percentile(times, 0.95):.0f} | {queries} |"


def over_http(rounds: int, folder: Path) -> None:
    with chosen("") as client:
        cookie = f"sessionid={client.cookies['sessionid'].value}"
    with served(folder) as (port, _process, _begun):
        print("\nover HTTP through granian, one connection, all communities\n")
        print("| page | p50 ms | p95 ms | kB |\n| --- | ---: | ---: | ---: |")
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for name, addresses in pages():
            sizes, times = [], []
            for number in range(rounds + 1):
                begun = time.perf_counter()
                connection.request("GET", quoted(addresses[number % len(addresses)]), headers={"Cookie": cookie})
                answer = connection.getresponse()
                sizes.append(len(answer.read()))
                times.append((time.perf_counter() - begun) * 1000)
                assert answer.status == 200, (addresses, answer.status)
            print(row(name, times[1:], f"{statistics.mean(sizes) / 1000:.0f}"), flush=True)


def quoted(address: str) -> str:
    from urllib.parse import quote  # noqa: PLC0415

    return quote(address, safe="/?&=-_")


@contextmanager
def served(folder: Path) -> Iterator[tuple[int, subprocess.Popen[bytes], float]]:
    """A `huoqun serve` of its own that answers; stopped afterwards. With it: port, process, seconds to the first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "huoqun"), "serve", "--port", str(port)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, env={**os.environ, "HUOQUN_DATA": str(folder)}, stdout=subprocess.DEVNULL)
    try:
        yield port, process, first_answer(port, process, begun)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def first_answer(port: int, process: subprocess.Popen[bytes], begun: float) -> float:
    while process.poll() is None and time.perf_counter() - begun < 120:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise SystemExit("huoqun serve did not answer within 120 s")


def start(folder: Path, rounds: int = 5) -> None:
    seconds, resident, shared_out = [], [], []
    for _ in range(rounds):
        with served(folder) as (_port, process, took):
            seconds.append(took)
            time.sleep(5)
            family = [process.pid, *children(process.pid)]
            resident.append(sum(memory(pid, "status", "VmRSS:") for pid in family))
            shared_out.append(sum(memory(pid, "smaps_rollup", "Pss:") for pid in family))
    print("\n| a later start | first answer s | resident MB | shared pages counted once MB |\n| --- | ---: | ---: | ---: |")
    pss = f"{statistics.median(shared_out):.0f}" if all(shared_out) else "not readable"
    print(f"| huoqun serve, web and worker, median of {rounds} | {statistics.median(seconds):.1f} | "
          f"{statistics.median(resident):.0f} | {pss} |")  # fmt: skip


def children(pid: int) -> list[int]:
    found = [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]
    return [*found, *(grandchild for child in found for grandchild in children(child))]


def memory(pid: int, file: str, name: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["build", "measure", "start"], nargs="+")
    parser.add_argument("--groups", type=int, default=9_000)
    parser.add_argument("--people", type=int, default=1_800_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--data", type=Path, default=Path("bench/out/pages"))
    asked = parser.parse_args()
    folder = asked.data.resolve()
    settle(folder)
    if "build" in asked.what:
        if (folder / "huoqun.sqlite3").exists():
            raise SystemExit(f"{folder} has a database already: delete the folder or name another one with --data")
        begun = time.perf_counter()
        build(asked.groups, asked.people)
        size = (folder / "huoqun.sqlite3").stat().st_size / 1e6
        print(f"{asked.groups:,} groups and {asked.people:,} people in {time.perf_counter() - begun:.0f} s, {size:,.0f} MB")
    if "measure" in asked.what:
        in_process(asked.rounds)
        over_http(asked.rounds, folder)
    if "start" in asked.what:
        start(folder)


if __name__ == "__main__":
    main()
