"""What was promised, against what really happened: reckoned from playbooks, people and the world's book of deeds alone. It
shares no arithmetic with the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any

from huoqun.community.models import Group
from huoqun.inbox.models import Parked
from huoqun.outbox.models import Request
from huoqun.outbox.tests.worlds import Fate
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run
from huoqun.sop.tests.worlds import Life, Verdict

UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60}
SAID = {"say", "whisper", "board", "pin"}
OVER = {"done", "skipped", "failed"}
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Done:
    run: int
    step: str
    part: str
    at: datetime
    method: str


def live(seed: int) -> Verdict:
    """A life from its beginning until nothing is left to do, and what was wrong with it."""
    fate = Fate()
    with fate.reigns():
        life = Life(seed, fate)
        life.live()
        judge(life)
    return life.verdict


def judge(life: Life) -> None:
    judge_ = Judge(life)
    life.verdict.wrong += [f"seed {life.verdict.seed}: {words}" for words in judge_.wrongs()]
    life.verdict.lines.update(f"{line.kind} {line.state}" for line in judge_.lines)
    life.verdict.reasons.update(line.reason.partition(":")[0] for line in judge_.lines if line.reason)
    life.verdict.runs, life.verdict.deeds = len(judge_.runs), len(judge_.deeds)


class Judge:
    def __init__(self, life: Life) -> None:
        self.life = life
        rows = Run.objects.select_related("version", "launch", "group", "member")
        self.runs = {run.pk: run for run in rows}
        self.lines = list(Line.objects.order_by("pk"))
        self.line = {(line.run_id, line.step): line for line in self.lines}
        self.deeds = list(self._deeds())

    def _deeds(self) -> Iterator[Done]:
        for deed in self.life.world.deeds():
            named = deed.key.split("/")
            if named[0] == "sop":
                yield Done(int(named[1]), named[3], "/".join(named[4:]), _moment(deed.at), deed.method)

    def plain(self, run: Run, step: str) -> dict[str, Any] | None:
        return next((each for each in run.version.plain["steps"] if each["key"] == step), None)

    def wrongs(self) -> Iterator[str]:
        yield from self.parked()
        yield from self.twice_or_lost()
        yield from self.open_ends()
        yield from self.each_promise()
        for done in self.deeds:
            yield from self.at_its_moment(done)
            yield from self.to_nobody_who_left(done)
        yield from self.waits()
        yield from self.newcomers()
        yield from self.days()
        yield from self.apart()
        yield from self.flashes()
        yield from self.left_lying()

    def parked(self) -> Iterator[str]:
        for row in Parked.objects.filter(settled_at=None):
            yield f"{row.subscriber} could not take an entry: {row.error[-300:]}"

    # Once, or a reason

    def twice_or_lost(self) -> Iterator[str]:
        count: dict[tuple[int, str, str], int] = defaultdict(int)
        for done in self.deeds:
            count[done.run, done.step, done.part] += 1
        for (run, step, part), times in count.items():
            line = self.line.get((run, step))
            if times > 1:
                yield f"{run}/{step}/{part} was done {times} times"
            if line is None:
                yield f"{run}/{step} was done, and no line says so"
            elif not part and line.state not in {"done", "unknown", "confirming"}:
                yield f"{run}/{step} was done, and its line says {line.state} {line.reason}"
        for line in self.lines:
            if (
                line.state == "done"
                and self._by_carrier(line)
                and not count[line.run_id, line.step, ""]
                and not self._by_hand(line)
            ):
                yield f"{line.run_id}/{line.step} {line.kind} says it is done, and nobody did it"

    def _by_carrier(self, line: Line) -> bool:
        return line.kind in {"post", "topic", "notice", "message", "pin"}

    def _by_hand(self, line: Line) -> bool:
        key = f"request/sop/{line.run_id}/{line.edition}/{line.step}"
        return Todo.objects.filter(key=key, state="done").exists()

    def open_ends(self) -> Iterator[str]:
        for line in self.lines:
            if line.state not in OVER | {"unknown"}:
                yield f"{line.run_id}/{line.step} {line.kind} is {line.state} in the end ({self.runs[line.run_id].state})"
            if line.state in {"skipped", "failed"} and not line.reason:
                yield f"{line.run_id}/{line.step} is {line.state} and does not say why"
        for run in self.runs.values():
            unknown = any(line.state == "unknown" for line in self.lines if line.run_id == run.pk)
            if run.state not in {"done", "stopped", "asked"} and not (unknown and run.laid_at):
                yield f"{run} is {run.state} in the end"

    def each_promise(self) -> Iterator[str]:
        """Walks each finished run through its playbook: every step on its way has its line, none off it has."""
        for run in self.runs.values():
            if run.launch_id in self.life.moved or run.state != "done":
                continue
            there = {step: line for (one, step), line in self.line.items() if one == run.pk}
            walked = list(self._way(run, there))
            yield from (f"{run.pk}: there is no line for {step}" for step in walked if step not in there)
            yield from (f"{run.pk}: {step} is off its way" for step in there.keys() - set(walked))

    def _way(self, run: Run, there: dict[str, Line]) -> Iterator[str]:
        steps, place = run.version.plain["steps"], 0
        keys = [step["key"] for step in steps]
        while place < len(steps):
            step = steps[place]
            yield step["key"]
            line = there.get(step["key"])
            way = line.way if line else ""
            gives_up = step["do"] == "approval" and step.get("otherwise", "end") == "end"
            gives_up = gives_up or (step["do"] == "wait" and step.get("otherwise") == "end")
            if step["do"] in {"end", "hand_over"} or way == "end" or (gives_up and way == "limit"):
                return
            onward = step.get(way, "") if step["do"] == "branch" else ""
            place = keys.index(onward) if onward else place + 1

    # In time

    def at_its_moment(self, done: Done) -> Iterator[str]:
        run, line = self.runs[done.run], self.line.get((done.run, done.step))
        if line is None or run.launch_id in self.life.moved:
            return
        name = f"{done.run}/{done.step}/{done.part}"
        step = self.plain(run, done.step)
        if step is None:
            return
        if done.at < line.at - SECOND:
            yield f"{name} was done at {done.at}, before {line.at}"
        if not self._fits_an_anchor(step, run, done.at):
            yield f"{name} was done at {done.at}, and its playbook says {step['at']} of {sorted(self.life.anchors[run.pk])}"
        asked = Request.objects.filter(key__startswith=f"sop/{done.run}/", key__endswith=f"/{done.step}", state="sent").first()
        if done.at > line.latest + SECOND and not (asked and asked.in_doubt):
            yield f"{name} was done at {done.at}, after {line.latest}"
        if window := step.get("window"):
            wall = done.at.astimezone(self.life.zone).time()
            opens, closes = (time.fromisoformat(each) for each in window.split("-"))
            inside = opens <= wall < closes if opens < closes else wall >= opens or wall < closes
            if not inside:
                yield f"{name} was done at {wall}, outside of {window}"

    def _fits_an_anchor(self, step: dict[str, Any], run: Run, at: datetime) -> bool:
        when = step.get("at", {})
        if "time" not in when and "offset" not in when:
            return any(at >= anchor - SECOND for anchor in self.life.anchors[run.pk])
        return any(at >= self._earliest(when, anchor) - SECOND for anchor in self.life.anchors[run.pk])

    def _earliest(self, when: dict[str, Any], anchor: datetime) -> datetime:
        if "offset" in when:
            return anchor + _lapse(when["offset"])
        here = anchor.astimezone(self.life.zone)
        day = here.date() + timedelta(days=when.get("day", 0))
        return datetime.combine(day, time.fromisoformat(when["time"].zfill(5)), self.life.zone).astimezone(UTC)

    # People

    def to_nobody_who_left(self, done: Done) -> Iterator[str]:
        run = self.runs[done.run]
        if done.method != "whisper" or run.member is None:
            return
        place = (run.group.native_id, run.member.native_id)
        since = self.life.gone.get(place)
        times = [(left, back) for room, who, left, back in self.life.known if (room, who) == place]
        times += [(since, datetime.max.replace(tzinfo=UTC))] if since else []
        if not self.life.jumped and any(left < done.at < back for left, back in times):
            yield f"{done.run}/{done.step} went to {place}, who had left"

    def waits(self) -> Iterator[str]:
        for line in self.lines:
            run = self.runs[line.run_id]
            step = self.plain(run, line.step)
            if line.kind != "wait" or step is None or step.get("fact") != "spoke" or self.life.jumped:
                continue
            member = run.member.native_id if run.member else None
            said = [
                word
                for word in self.life.words
                if word.room == run.group.native_id and member in {None, word.who} and line.at <= word.at < line.latest
            ]
            if line.way == "limit" and any(word.heard_at <= line.latest for word in said):
                yield f"{line.run_id}/{line.step} gave up waiting at {line.latest}, and somebody had spoken: {said[0]}"
            if line.way == "came" and not said:
                yield f"{line.run_id}/{line.step} says somebody spoke between {line.at} and {line.latest}"

    # Beginnings

    def newcomers(self) -> Iterator[str]:
        begun = {(run.launch_id, run.group.native_id, run.member.native_id) for run in self.runs.values() if run.member}
        for launch, room, who in self.life.joined:
            if launch in self.life.untouched and (launch, room, who) not in begun:
                yield f"launch {launch}: nothing began for {who} in {room}"

    def days(self) -> Iterator[str]:
        """Daily rules begin on each day, dates and events once, for each group."""
        for launch in Launch.objects.filter(pk__in=self.life.untouched).select_related("version"):
            if launch.version.book.audience.about != "groups":
                continue
            (start,) = launch.version.plain["starts"]
            wanted = {moment for moment in self._moments(start, launch) if moment > launch.began_at}
            for group in Group.objects.all():
                begun = set(Run.objects.filter(launch=launch, group=group, key__regex=r"^\d{8}T").values_list("key", flat=True))
                missing = {f"{moment:%Y%m%dT%H%M}/{group.pk}" for moment in wanted} - begun
                if missing:
                    yield f"launch {launch.pk} {start}: {sorted(missing)} never began"

    def _moments(self, start: dict[str, Any], launch: Launch) -> Iterator[datetime]:
        if start["when"] == "event" and launch.event_at:
            yield launch.event_at.astimezone(UTC)
        elif start["when"] == "date":
            yield self._local(date.fromisoformat(str(start["date"])), start)
        elif start["when"] == "every":
            first = launch.began_at.astimezone(self.life.zone).date()
            last = date.fromisoformat(str(start["until"]))
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                if _falls(day, number, start["rule"]):
                    yield self._local(day, start)

    def _local(self, day: date, start: dict[str, Any]) -> datetime:
        return datetime.combine(day, time.fromisoformat(start.get("time", "09:00").zfill(5)), self.life.zone).astimezone(UTC)

    # Side by side

    def apart(self) -> Iterator[str]:
        said: dict[int, list[Line]] = defaultdict(list)
        for line in self.lines:
            if line.kind in {"post", "topic", "notice"} and line.state != "skipped":
                said[self.runs[line.run_id].group_id].append(line)
        for lines in said.values():
            for one, other in combinations(lines, 2):
                if self.runs[one.run_id].launch_id != self.runs[other.run_id].launch_id and abs(one.at - other.at) < timedelta(
                    hours=1
                ):
                    yield f"{one} at {one.at} and {other} at {other.at} are of two playbooks"

    def flashes(self) -> Iterator[str]:
        for run in self.runs.values():
            if not run.version.plain["name"].startswith("flash") or run.state == "stopped" or run.launch_id in self.life.moved:
                continue
            line = self.line.get((run.pk, "over"))
            if line is None:
                yield f"flash {run.pk} has no end"
            elif line.state == "done" or line.reason not in {"", "not_said"}:
                continue
            elif not Todo.objects.filter(request=line.request_key, given_at__lte=line.latest).exists():
                yield f"flash {run.pk} was neither ended nor given to anybody by {line.latest}: {line.state}"

    def left_lying(self) -> Iterator[str]:
        """Nothing that was stopped still goes out, or waits for somebody."""
        for key in Todo.objects.filter(room="sop", state="open").values_list("key", flat=True):
            named = key.removeprefix("request/").split("/")
            if named[1] == "yes":
                if self.runs[int(named[2])].state != "asked":
                    yield f"somebody is still asked whether {named[2]} may begin"
            elif self.runs[int(named[1])].state == "stopped":
                yield f"{key} is still to be done for a run that was stopped"


def _falls(day: date, number: int, rule: str) -> bool:
    match rule:
        case "FREQ=DAILY":
            return True
        case "FREQ=DAILY;INTERVAL=2":
            return number % 2 == 0
        case "FREQ=WEEKLY;BYDAY=MO,SU":
            return day.weekday() in {0, 6}
        case "FREQ=MONTHLY;BYMONTHDAY=-1":
            return (day + timedelta(days=1)).day == 1
        case "FREQ=MONTHLY;BYMONTHDAY=31":
            return day.day == 31
    raise ValueError(rule)


def _lapse(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    return sign * timedelta(seconds=int(text.lstrip("-")[:-1]) * UNITS[text[-1]])


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


__all__ = ["judge"]
