"""Random playbooks, made from all kinds of steps and starts; never one that a reader would turn away."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from huoqun.sop.playbooks.checks import faults
from huoqun.sop.playbooks.plain import Plain, of_plain
from huoqun.sop.playbooks.playbook import Playbook

HOLIDAYS = ("skip", "move", "workdays", "next_workday")
PROOFS = ("tap", "picture", "link", "number", "note")
SHOWABLE = ("post", "topic", "notice", "message", "todo")
WHOM = ("newcomers", "newcomers", "silent", "moderators", "moderators", "operator")
DAYS = 2
"""So long calendars go on."""
WINDOWS = ("08:00-22:00", "10:00-21:00", "22:00-03:00", "01:30-03:30")
TIMES = ("00:30", "02:30", "03:00", "09:00", "12:15", "20:00", "23:45")
OVER = ("end", "hand_over")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=MO,SU",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31",
)


def playbook(chance: random.Random, number: int, now: datetime, zone: ZoneInfo, starts: str = "") -> Playbook:
    """About what happens from `now` on, over some days. `starts`: "joined" is for members who come in."""
    while True:
        made = of_plain(_book(chance, number, now, zone, starts))
        if not list(faults(made)):
            return made


def edited(chance: random.Random, plain: Plain, now: datetime, zone: ZoneInfo) -> Playbook:
    """The same playbook with one to three steps other than before, most often of its last ones, which are still to come."""
    for _ in range(200):
        steps = [dict(step) for step in plain["steps"]]
        about = plain.get("audience", {}).get("about", "groups")
        fresh = list(_steps(chance, about, around=plain["starts"][0]["when"] == "event"))
        for _ in range(chance.randint(1, 3)):
            _change(chance, steps, fresh)
        try:
            made = of_plain({**plain, "steps": steps})
        except msgspec.ValidationError:
            continue
        if not list(faults(made)):
            return made
    return of_plain(plain)


def _change(chance: random.Random, steps: list[Plain], fresh: list[Plain]) -> None:
    place = max(chance.randrange(len(steps)), chance.randrange(len(steps)))
    what = chance.choice(("words", "time", "out", "in", "other"))
    match what:
        case "words" if "words" in steps[place]:
            steps[place]["words"] = {"text": "改过的一句"}
        case "time":
            steps[place]["at"] = chance.choice(fresh)["at"]
        case "out" if len(steps) > 1:
            del steps[place]
        case "in":
            steps.insert(place, chance.choice(fresh) | {"key": f"x{chance.randrange(100)}"})
        case "other":
            steps[place] = chance.choice(fresh) | {"key": steps[place]["key"]}


def flash(number: int) -> Playbook:
    """Over in four hours, whatever happens."""
    steps = [
        {"do": "post", "key": "warm", "at": {"offset": "-40m", "spread": "5m"}, "expires": "20m", "words": {"text": "快了"}},
        {"do": "post", "key": "open", "at": {"offset": "0m", "spread": "0m"}, "expires": "15m", "words": {"text": "开抢"}},
        {
            "do": "todo", "key": "stragglers", "at": {"offset": "1h", "spread": "0m"}, "expires": "20m", "task": "逐个解决",
            "within": "20m",
        },
        {
            "do": "end", "key": "over", "at": {"offset": "2h", "spread": "0m"}, "expires": "20m", "dissolve": True,
            "farewell": {"text": "谢谢大家"},
        },
    ]  # fmt: skip
    return of_plain({"name": f"flash-{number}", "title": "快闪", "priority": 2, "starts": [{"when": "event"}], "steps": steps})


def _book(chance: random.Random, number: int, now: datetime, zone: ZoneInfo, starts: str) -> Plain:
    about = "members" if starts else chance.choice(("groups", "members"))
    start = {"when": starts} if starts else _start(chance, about, now.astimezone(zone))
    steps = list(_steps(chance, about, around=start["when"] == "event"))
    more: Plain = {"holidays": chance.choice(HOLIDAYS)} if chance.random() < 0.25 else {}
    if start["when"] == "every" and chance.random() < 0.25:
        start["holidays"] = chance.choice(HOLIDAYS)
    return more | {
        "name": f"book-{number}", "title": f"第{number}套", "audience": {"about": about}, "starts": [start],
        "priority": chance.choice((2, 5, 5, 8)), "steps": steps,
    }  # fmt: skip


def _start(chance: random.Random, about: str, here: datetime) -> Plain:
    time = chance.choice(TIMES)
    last = (here + timedelta(days=DAYS)).date()
    found: list[Plain] = [
        {"when": "every", "rule": chance.choice(RULES), "time": time, "until": last},
        {"when": "date", "date": (here + timedelta(days=chance.randint(0, 2))).date(), "time": time},
        {"when": "event"},
        {"when": "hand"},
    ]
    if about == "members":
        found += [{"when": "joined"}] * 4 + [{"when": "joined", "again": True}, {"when": "fact", "fact": "first_words"}]
        found.append({"when": "fact", "fact": "silent", "days": 3})
    else:
        found += [{"when": "born"}, {"when": "turned", "to": ["declining"], "approval": chance.random() < 0.5}]
    return chance.choice(found)


def _steps(chance: random.Random, about: str, *, around: bool) -> Iterator[Plain]:
    count = chance.randint(2, 7)
    said, todos, waits = list[str](), list[str](), list[str]()
    for number in range(count):
        key = f"s{number}"
        kind = chance.choice(
            (
                "post",
                "post",
                "topic",
                "notice",
                "message",
                "todo",
                "pin",
                "wait",
                "wait",
                "branch",
                "approval",
                "end",
                "hand_over",
            )
        )
        if (number == 0 and kind in OVER) or (kind == "end" and number < count - 1 and chance.random() < 0.7):
            kind = "post"
        if kind == "pin" and not said:
            kind = "post"
        if about == "members" and kind in ("post", "topic", "notice") and chance.random() < 0.7:
            kind = "message"
        elif about != "members" and kind == "message" and chance.random() < 0.3:
            kind = "post"
        step: Plain = {
            "do": kind,
            "key": key,
            "at": _at(chance, number, around=around),
            "expires": chance.choice(("20m", "2h", "6h", "1d")),
        }
        if chance.random() < 0.3:
            step["window"] = chance.choice(WINDOWS)
        if chance.random() < 0.3:
            step["fallback"] = "skip"
        if chance.random() < 0.1:
            step["holidays"] = chance.choice(("skip", "workdays"))
        if kind in SHOWABLE and chance.random() < 0.25:
            step["evidence"] = chance.choice(PROOFS)
        yield step | _more(chance, kind, number, count, about, said, todos, waits)
        if kind in ("post", "topic"):
            said.append(key)
        for kinds, names in (({"todo"}, todos), ({"wait", "approval"}, waits)):
            if kind in kinds:
                names.append(key)


def _at(chance: random.Random, number: int, *, around: bool) -> Plain:
    spread = chance.choice(("0m", "0m", "15m", "1h"))
    day = number // 3
    choices: list[Plain] = [
        {"after": chance.choice(("0m", "5m", "90m", "1d"))},
        {},
        {"day": day, "time": chance.choice(TIMES)},
        {"offset": f"{number}h"},
    ]
    if around:
        choices += [{"offset": f"-{8 - number}h"}, {"day": -1, "time": chance.choice(TIMES)}]
    return chance.choice(choices) | {"spread": spread}


def _more(
    chance: random.Random, kind: str, number: int, count: int, about: str, said: list[str], todos: list[str], waits: list[str]
) -> dict[str, Any]:
    words = {"text": chance.choice(("{{group}} 早上好", "[[早]]，{{operator}}", "今天聊一个"))}
    if "[[" in words["text"]:
        words |= {"slots": {"早": ["早", "早呀", "大家早"]}}  # type: ignore[dict-item]
    match kind:
        case "message" if about != "members":
            to = chance.choice(WHOM)
            return {"words": words, "to": to, "most": chance.choice((1, 3, 30))} | _within(chance, to)
        case "post" | "notice" | "message":
            return {"words": words}
        case "topic":
            return {"words": words, "seeds": ["我先说"] if chance.random() < 0.5 else []}
        case "todo":
            return {"task": f"做第{number}件", "within": chance.choice(("10m", "2h", "8h"))}
        case "pin":
            return {"said": chance.choice(said)}
        case "wait":
            return _wait(chance, said, todos)
        case "approval":
            return {"question": "可以吗", "limit": chance.choice(("1h", "1d")), "otherwise": chance.choice(("go_on", "end"))}
        case "branch":
            later = [f"s{n}" for n in range(number + 1, count)]
            about_waits = {"about": "waited", "of": chance.choice(waits)} if waits else {"about": "members", "at_least": 3}
            ways = {way: chance.choice([*later, ""]) for way in ("yes", "no")}
            return {"question": about_waits, "unknown": chance.choice(("yes", "no", "end"))} | ways
        case "end":
            more: dict[str, Any] = {"dissolve": about == "groups" and chance.random() < 0.5}
            return more | ({"farewell": {"text": "再见"}} if chance.random() < 0.5 else {})
        case "hand_over":
            return {"playbook": chance.choice(("book-0", "book-1", "nobody-knows"))}
    raise ValueError(kind)


def _within(chance: random.Random, to: str) -> dict[str, Any]:
    days = {"newcomers": (1, 7), "silent": (7, 14)}.get(to)
    return {"days": chance.choice(days)} if days else {}


def _wait(chance: random.Random, said: list[str], todos: list[str]) -> dict[str, Any]:
    facts = ["", "spoke", "spoke"] + (["answered"] if said else []) + (["todo_done"] if todos else [])
    fact = chance.choice(facts)
    of = {"answered": said, "todo_done": todos}.get(fact)
    more = {"said": chance.choice(of)} if of else {}
    return {
        "limit": chance.choice(("1h", "6h", "1d")),
        "fact": fact,
        "otherwise": chance.choice(("go_on", "go_on", "end")),
    } | more
