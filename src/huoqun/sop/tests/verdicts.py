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

from huoqun.community.models import Group, Identity
from huoqun.inbox.models import Parked
from huoqun.outbox.models import Request
from huoqun.outbox.tests.worlds import Fate
from huoqun.ownership.models import Todo
from huoqun.sop.models import Launch, Line, Run, Version
from huoqun.sop.rules.states import Why
from huoqun.sop.tests import moved
from huoqun.sop.tests.days_off import COUNTED, LEAVES_OUT, counted, is_on, ruled
from huoqun.sop.tests.lived import Verdict
from huoqun.sop.tests.making import SHOWABLE
from huoqun.sop.tests.resting import is_changed
from huoqun.sop.tests.worlds import Life

UNITS = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60}
SAID = {"say", "whisper", "board", "pin"}
OVER = {"done", "skipped", "failed"}
SECOND = timedelta(seconds=1)
PROOFS = {"picture", "link", "number", "note"}
LEFT_OUT = {"post", "topic", "notice", "message", "todo"}
"""Kinds that are left out on days off, where a playbook says so; the others decide how it goes on."""
IN_GROUPS = {"post", "topic", "notice"}
"""What gives way to another playbook, and finds no other hour than on a day off, is left out for that."""
ONCE_A_DAY = {"newcomers", "silent"}
HOLIDAYS, NAMED = "holidays of the playbook", "around a moment somebody has named"


@dataclass(frozen=True)
class Done:
    run: int
    step: str
    part: str
    at: datetime
    method: str
    number: int
    key: str


def live(seed: int) -> Verdict:
    """A life from its beginning until nothing is left to do, and what was wrong with it."""
    fate = Fate()
    with fate.reigns():
        life = Life(seed, fate)
        with life.tables.seen():
            life.live()
        judge(life)
    return life.verdict


def judge(life: Life) -> None:
    judge_ = Judge(life)
    life.verdict.wrong += [f"seed {life.verdict.seed}: {words}" for words in judge_.wrongs()]
    life.verdict.lines.update(f"{line.kind} {line.state}" for line in judge_.lines)
    life.verdict.reasons.update(line.reason.partition(":")[0] for line in judge_.lines if line.reason)
    life.verdict.happened["deeds for a role"] += sum(done.part.startswith("to/") for done in judge_.deeds)
    life.verdict.runs, life.verdict.deeds = len(judge_.runs), len(judge_.deeds)


class Judge:
    def __init__(self, life: Life) -> None:
        self.life = life
        rows = Run.objects.select_related("version", "launch", "group", "member")
        self.runs = {run.pk: run for run in rows}
        self.lines = list(Line.objects.order_by("pk"))
        self.line = {(line.run_id, line.step): line for line in self.lines}
        self.there: dict[int, dict[str, Line]] = defaultdict(dict)
        for line in self.lines:
            self.there[line.run_id][line.step] = line
        self.versions: dict[int, dict[str, Any]] = dict(Version.objects.values_list("pk", "plain"))
        self.deeds = list(self._deeds())
        self._steps: dict[int, list[dict[str, Any]]] = {}

    def _deeds(self) -> Iterator[Done]:
        for number, deed in enumerate(self.life.world.deeds(), 1):
            named = deed.key.split("/")
            if named[0] == "sop":
                yield Done(int(named[1]), named[3], "/".join(named[4:]), _moment(deed.at), deed.method, number, deed.key)

    def plain(self, run: Run, step: str) -> dict[str, Any] | None:
        return next((each for each in run.version.plain["steps"] if each["key"] == step), None)

    def wrongs(self) -> Iterator[str]:
        yield from self.parked()
        yield from self.twice_or_lost()
        yield from self.open_ends()
        yield from self.begun_once()
        yield from self.planned_well()
        yield from self.each_promise()
        yield from self.anew()
        for done in self.deeds:
            yield from self.at_its_moment(done)
            yield from self.to_nobody_who_left(done)
            yield from self.in_silence(done)
        yield from self.dragged()
        yield from self.on_days_off()
        yield from self.shown()
        yield from self.to_roles()
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
            elif not part and line.state not in {"done", "unknown", "confirming"} and not self._was_not_shown(line):
                yield f"{run}/{step} was done, and its line says {line.state} {line.reason}"
        for line in self.lines:
            if (
                line.state == "done"
                and self._by_carrier(line)
                and not count[line.run_id, line.step, ""]
                and not (line.to and any(count[line.run_id, line.step, f"to/{who}"] for who in line.to))
                and not self._by_hand(line)
            ):
                yield f"{line.run_id}/{line.step} {line.kind} says it is done, and nobody did it"
            if line.state == "done" and line.kind == "end" and not self._is_over(line, count):
                yield f"{line.run_id}/{line.step} says it is over, and it is not"

    def _is_over(self, line: Line, count: dict[tuple[int, str, str], int]) -> bool:
        """The group is dissolved by hand, its farewell said by the carrier; an end with neither is one by itself."""
        steps = self._as_it_was(self.runs[line.run_id], line.step)
        said = count[line.run_id, line.step, ""] or self._by_hand(line)
        return bool(said) or any(not (step.get("dissolve") or step.get("farewell")) for step in steps)

    def _by_carrier(self, line: Line) -> bool:
        return line.kind in {"post", "topic", "notice", "message", "pin"}

    def _by_hand(self, line: Line) -> bool:
        key = f"request/sop/{line.run_id}/{line.edition}/{line.step}"
        keys = [f"{key}/to/{who}" for who in line.to] or [key]
        return Todo.objects.filter(key__in=keys, state="done").exists()

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
        """Walks each finished run through its playbook: every step on its way has its line, none off it has. A run that took
        another version is walked from the last of its steps that was written down by then, or from the first that had only
        been planned and was taken back; what was before that stays.
        """
        for run in self.runs.values():
            if run.state != "done":
                continue
            there = self.there[run.pk]
            keys = [step["key"] for step in run.version.plain["steps"]]
            kept = self.life.kept.get(run.pk, set())
            last = max((number for number, key in enumerate(keys) if key in kept), default=0)
            taken_back = [number for number, key in enumerate(keys) if key in self.life.withdrawn.get(run.pk, set())]
            walked = list(self._way(run, there, min([last, *taken_back])))
            if taken_back and walked == [keys[last]]:
                # As the new version has it this step ends the run; as it was when it came, it did not.
                walked += self._way(run, there, min(taken_back))
            yield from (f"{run.pk}: there is no line for {step}" for step in walked if step not in there)
            yield from (f"{run.pk}: {step} is off its way" for step in there.keys() - set(walked) - kept)

    def _way(self, run: Run, there: dict[str, Line], place: int) -> Iterator[str]:
        steps = run.version.plain["steps"]
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

    def anew(self) -> Iterator[str]:
        """What was to begin again with another version has."""
        begun: dict[tuple[object, ...], int] = defaultdict(int)
        for run in self.runs.values():
            about = (run.launch_id, run.group_id, run.member_id)
            begun[about] = max(begun[about], self.life.versions[run.pk][0])
        for run in self.runs.values():
            if run.reason == Why.ANEW and begun[run.launch_id, run.group_id, run.member_id] <= run.version_id:
                yield f"{run.pk} was to begin anew, and did not"

    # Begun

    def begun_once(self) -> Iterator[str]:
        """One run for each moment that was promised, one for each newcomer; none that nobody promised."""
        seen: set[tuple[object, ...]] = set()
        for run in self.runs.values():
            kind = run.key.split("/")[0]
            about = (run.launch_id, run.group_id, run.member_id, self._beginning(run))
            if kind in {"joined", "hand", "first_words", "born"} or kind[:8].isdecimal():
                if about in seen:
                    yield f"{run} ({run.key}) began twice"
                seen.add(about)
            if kind[:8].isdecimal() and run.launch_id in self.life.untouched and not self._was_promised(run):
                yield f"{run} ({run.key}) began, and {run.launch.version.plain['starts']} does not say so"

    def _beginning(self, run: Run) -> object:
        kind = run.key.split("/")[0]
        again = any(start.get("again") for start in run.version.plain["starts"])
        return self.life.first_anchor[run.pk] if kind[:8].isdecimal() or again else kind

    def _was_promised(self, run: Run) -> bool:
        (start,) = run.launch.version.plain["starts"]
        named = datetime.strptime(run.key.split("/")[0], "%Y%m%dT%H%M").replace(tzinfo=UTC)
        return named in {moment.replace(second=0, microsecond=0) for moment in self._moments(start, run.launch)}

    # In time

    def planned_well(self) -> Iterator[str]:
        """What has a moment of its own is planned for it, or for the first of its hours after it; what gives way to another
        playbook keeps its end.
        """
        for line in self.lines:
            run = self.runs[line.run_id]
            steps = [step for step in self._as_it_was(run, line.step) if {"time", "offset"} & step.get("at", {}).keys()]
            if not steps or line.kind == "wait" or len(self._as_it_was(run, line.step)) > len(steps):
                continue
            due = line.moved_from or line.at
            dues = self._before_drags(line, due)
            anchors_ = self.life.anchors[run.pk]
            if not any(self._is_moment(step, anchor, each) for step in steps for anchor in anchors_ for each in dues):
                if self._dragged_by(line) != {0} and any(step[HOLIDAYS] in COUNTED for step in steps):
                    continue  # `dragged` looks at it
                told, anchors = [(step["at"], step.get("window")) for step in steps], sorted(self.life.anchors[run.pk])
                yield f"{line.run_id}/{line.step} is planned for {due}, and its playbook says {told} of {anchors}"
            if not any(line.latest <= due + self._time_of(step) for step in steps):
                yield f"{line.run_id}/{line.step} may be done until {line.latest}, and is due at {due}"

    def _before_drags(self, line: Line, at: datetime) -> set[datetime]:
        return {each for minutes in self._dragged_by(line) for each in moved.before_it(at, minutes, self.life.zone)}

    def _dragged_by(self, line: Line) -> set[int]:
        """Minutes."""
        drags = self.life.drags.get((self.runs[line.run_id].launch_id, line.step))
        return moved.ways(drags) if drags else {0}

    def _is_moment(self, step: dict[str, Any], anchor: datetime, due: datetime) -> bool:
        first = self._earliest(step, anchor)
        last = first + _lapse(step["at"].get("spread", "10m"))
        here = due.astimezone(self.life.zone)
        if step[HOLIDAYS] in COUNTED and not step[NAMED] and not first <= due <= last:
            last = self._past_days_off(step, due, last)
        if not step.get("window"):
            return first <= due <= last
        opening = here.time().replace(second=0, microsecond=0) == time.fromisoformat(step["window"].split("-")[0])
        skipped = here.time().minute in {0, 30} and is_changed(here)
        waits = due - last < timedelta(hours=25) and (opening or skipped) and due > first
        return (self._in_its_window(step, due) and (first <= due <= last or waits)) or (skipped and waits)

    def _past_days_off(self, step: dict[str, Any], due: datetime, last: datetime) -> datetime:
        """What its stretch or its hours put past midnight, comes on the next day that counts."""
        day = last.astimezone(self.life.zone).date()
        nexts = {counted(each, 0, step[HOLIDAYS], named=False) for each in (day, day + timedelta(days=1))}
        off = [each for each in (day, day + timedelta(days=1)) if not is_on(each, step[HOLIDAYS])]
        return max(last, due) if off and due.astimezone(self.life.zone).date() in nexts else last

    def _time_of(self, step: dict[str, Any]) -> timedelta:
        spans = [step.get("expires", "6h"), step.get("limit", "0m"), step.get("within", "2h") if step["do"] == "todo" else "0m"]
        return max(_lapse(span) for span in spans)

    def at_its_moment(self, done: Done) -> Iterator[str]:
        run, line = self.runs[done.run], self.line.get((done.run, done.step))
        steps = self._as_it_was(run, done.step)
        if line is None or not steps:
            return
        name, asked_at = f"{done.run}/{done.step}/{done.part}", self._asked_at(done)
        if done.at < line.at - SECOND:
            yield f"{name} was done at {done.at}, before {line.at}"
        if not any(self._fits_an_anchor(step, run, at) for step in steps for at in self._before_drags(line, done.at)):
            told = [step.get("at") for step in steps]
            yield f"{name} was done at {done.at}, and its playbook says {told} of {sorted(self.life.anchors[run.pk])}"
        asked = Request.objects.filter(key__startswith=f"sop/{done.run}/", key__endswith=f"/{done.step}", state="sent").first()
        if asked_at > line.latest + SECOND and not (asked and asked.in_doubt):
            yield f"{name} was done at {asked_at}, after {line.latest}"
        if not any(self._in_its_window(step, asked_at) for step in steps):
            yield f"{name} was done at {asked_at}, outside of {[step.get('window') for step in steps]}"

    def _as_it_was(self, run: Run, step: str) -> list[dict[str, Any]]:
        """In the run's version, and in those it had before: what was on its way then, stayed so."""
        return [each for version in self.life.versions[run.pk] for each in self._steps_of(version) if each["key"] == step]

    def _steps_of(self, version: int) -> list[dict[str, Any]]:
        """With what the whole playbook says of days."""
        if version not in self._steps:
            book = self.versions[version]
            whole = {
                HOLIDAYS: book.get("holidays", "as_usual"),
                NAMED: any(start["when"] == "event" for start in book["starts"]),
            }
            self._steps[version] = [step | whole for step in book["steps"]]
        return self._steps[version]

    def _asked_at(self, done: Done) -> datetime:
        """A slow carrier does it later than it was asked to."""
        return next((begun for begun, over in self.life.slow if begun <= done.at <= over + SECOND), done.at)

    def _in_its_window(self, step: dict[str, Any], at: datetime) -> bool:
        if not (window := step.get("window")):
            return True
        wall = at.astimezone(self.life.zone).time()
        opens, closes = (time.fromisoformat(each) for each in window.split("-"))
        return opens <= wall < closes if opens < closes else wall >= opens or wall < closes

    def _fits_an_anchor(self, step: dict[str, Any], run: Run, at: datetime) -> bool:
        when = step.get("at", {})
        if "time" not in when and "offset" not in when:
            return any(at >= anchor - SECOND for anchor in self.life.anchors[run.pk])
        return any(at >= self._earliest(step, anchor) - SECOND for anchor in self.life.anchors[run.pk])

    def _earliest(self, step: dict[str, Any], anchor: datetime) -> datetime:
        when, here = step["at"], anchor.astimezone(self.life.zone)
        if "offset" in when:
            due = anchor + _lapse(when["offset"])
            there = due.astimezone(self.life.zone)
            day = counted(here.date(), (there.date() - here.date()).days, step[HOLIDAYS], named=step[NAMED])
            if step[NAMED] or day == there.date():
                return due
            return datetime.combine(day, there.time(), self.life.zone).astimezone(UTC)
        day = counted(here.date(), when.get("day", 0), step[HOLIDAYS], named=step[NAMED])
        return datetime.combine(day, time.fromisoformat(when["time"].zfill(5)), self.life.zone).astimezone(UTC)

    # People

    def to_nobody_who_left(self, done: Done) -> Iterator[str]:
        run = self.runs[done.run]
        if done.method != "whisper" or run.member is None or done.key in self.life.on_its_way:
            return
        place = (run.group.native_id, run.member.native_id)
        since = self.life.gone.get(place)
        times = [(left, back) for room, who, left, back in self.life.known if (room, who) == place]
        times += [(since, len(self.life.world.deeds()))] if since is not None else []
        if any(left < done.number <= back for left, back in times):
            yield f"{done.run}/{done.step} went to {place}, who had left"

    def in_silence(self, done: Done) -> Iterator[str]:
        for silence in self.life.silences.get(done.run, ()):
            later = silence.after < done.number and (silence.until is None or done.number <= silence.until)
            if later and done.key not in silence.on_its_way:
                yield f"{done.key} was done, and its run was {silence.why}"

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

    # Dragged, on days off, shown, to those who have a role

    def dragged(self) -> Iterator[str]:
        """What somebody moved in the calendar is planned for where they put it."""
        for place, drag in self.life.dragged.items():
            line, run = self.line.get(place), self.runs[place[0]]
            steps = [
                (step.get("at", {}), step.get("window"), step[HOLIDAYS], step[NAMED]) for step in self._as_it_was(run, place[1])
            ]
            same = len(steps) == len(self.life.versions[run.pk]) and all(step == steps[0] for step in steps)
            if line is None or not same or not {"time", "offset"} & steps[0][0].keys():
                continue  # what hangs on the step before it moves along with that
            planned, to, here = line.moved_from or line.at, drag.to, drag.to.astimezone(self.life.zone)
            whole = self._as_it_was(run, place[1])[0]
            on = counted(here.date(), 0, whole[HOLIDAYS], named=whole[NAMED])
            if on != here.date():
                if len(self.life.drags[run.launch_id, place[1]]) > 1:
                    continue
                to = datetime.combine(on, here.time(), self.life.zone).astimezone(UTC)
            slack = timedelta(minutes=61) if is_changed(planned.astimezone(self.life.zone)) else SECOND
            if abs(planned - to) > slack:
                yield f"{line} was dragged to {to} in the calendar, and is planned for {planned}"

    def on_days_off(self) -> Iterator[str]:
        done = {(deed.run, deed.step) for deed in self.deeds}
        for line in self.lines:
            run = self.runs[line.run_id]
            steps = self._as_it_was(run, line.step)
            day, why = line.at.astimezone(self.life.zone).date(), line.reason.partition(":")[0]
            said = [step.get("holidays") or step[HOLIDAYS] for step in steps]
            left_out = [each in LEAVES_OUT and not is_on(day, each) for each in said]
            days = [day + timedelta(days=number) for number in range((line.latest - line.at).days + 2)]
            off = any(not is_on(each, holidays) for each in days for holidays in said)
            if why in {"holiday", "no_workday"} and not (any(left_out) or (off and line.kind in IN_GROUPS)):
                yield f"{line} was left out on {day} as a day off, and its playbook says {said}"
            out = line.state == "done" or (line.run_id, line.step) in done
            if out and line.kind in LEFT_OUT and steps and all(left_out):
                yield f"{line} was done for {day}, a day off on which its playbook says {said}"
            moves = steps and all(step[HOLIDAYS] in COUNTED and not step[NAMED] for step in steps)
            first = (line.moved_from or line.at).astimezone(self.life.zone).date()
            if moves and not all(any(is_on(each, step[HOLIDAYS]) for step in steps) for each in (first, day)):
                yield f"{line} is planned for {first}, a day off over which its playbook moves"

    def shown(self) -> Iterator[str]:
        """Where something has to be shown, a step is done only if it was."""
        for line in self.lines:
            steps = self._as_it_was(self.runs[line.run_id], line.step)
            asked = bool(steps) and all(step.get("evidence") in PROOFS and step["do"] in SHOWABLE for step in steps)
            if asked and line.state == "done" and not self._shown(line):
                yield f"{line} {line.kind} says it is done, and nobody showed it"
            if line.reason == "no_proof" and self._shown(line):
                yield f"{line} {line.kind} says nobody showed it, and somebody did"

    def _shown(self, line: Line) -> bool:
        keys = {line.request_key, f"{line.request_key}/proof"} & self.life.offered
        return Todo.objects.filter(key__in=keys, state="done").exclude(shown="").exists()

    def _was_not_shown(self, line: Line) -> bool:
        """It is out, and somebody still had to show it when its time, or its run, was over."""
        asked = Todo.objects.filter(key=f"{line.request_key}/proof").exclude(state="open")
        return line.state == "skipped" and bool(line.reason) and asked.exists()

    def to_roles(self) -> Iterator[str]:
        """Each once, those who are meant, not more of them than may be."""
        told: dict[tuple[int, str, int], list[tuple[Done, Line]]] = defaultdict(list)
        people: dict[tuple[int, str], set[int]] = defaultdict(set)
        places = dict(Identity.objects.values_list("pk", "native_id"))
        for done in self.deeds:
            part, _, who = done.part.partition("/")
            line = self.line.get((done.run, done.step))
            if part != "to" or line is None:
                continue
            run, one = self.runs[done.run], int(who.partition("/")[0])
            steps = [step for step in self._as_it_was(run, done.step) if step.get("to", "member") != "member"]
            yield from self._is_meant(done, line, steps, places.get(one, ""))
            if (one in people[done.run, done.step]) or "/" in who:
                yield f"{line} went to {places.get(one)} twice"
            people[done.run, done.step].add(one)
            if {step["to"] for step in steps} <= ONCE_A_DAY:
                earlier = [before for before in told[run.launch_id, done.step, one] if before[1].run_id != line.run_id]
                if any(done.at < before.at + timedelta(days=1) for _done, before in earlier) and not self.life.jumped:
                    yield f"{line} went to {places.get(one)} at {done.at}, and {earlier[0][1]} had within a day"
                told[run.launch_id, done.step, one].append((done, line))
        for (pk, step), several in people.items():
            most = max((each.get("most", 30) for each in self._as_it_was(self.runs[pk], step)), default=30)
            if len(several) > most:
                yield f"{pk}/{step} went to {len(several)}, and may to {most}"
        yield from self.nobody_meant()

    def _is_meant(self, done: Done, line: Line, steps: list[dict[str, Any]], who: str) -> Iterator[str]:
        room, life = self.runs[done.run].group.native_id, self.life
        roles = {step["to"] for step in steps}
        known = [(at, back) for there, one, at, back in life.away if (there, one) == (room, who)]
        known += [(life.gone_at[room, who], len(life.world.deeds()))] if (room, who) in life.gone_at else []
        dragged = self._dragged_by(line) != {0}  # whom it is for was looked up when it would have come
        if any(at < line.at and done.number <= back for at, back in known) and not dragged:
            yield f"{line} went to {who} in {room}, who had left"
        came = [at for at in life.came.get((room, who), ()) if at <= done.at + SECOND]
        late = timedelta(days=4 if dragged else 1, hours=2)
        days = timedelta(days=max((step.get("days", 7) for step in steps), default=7))
        if roles == {"newcomers"} and not any(at >= line.at - days - late for at in came):
            yield f"{line} went to {who} in {room}, who is no newcomer: {came}"
        if roles == {"moderators"} and who != life.helper_of(room):
            yield f"{line} went to {who} in {room}, who is no moderator"
        spoke = life.spoke.get(who)
        if roles == {"silent"} and spoke and done.at < spoke + min(timedelta(days=step.get("days", 14)) for step in steps):
            yield f"{line} went to {who} in {room}, who spoke at {spoke}"

    def nobody_meant(self) -> Iterator[str]:
        """Whoever helped the owner from the first day to the last is there to be written to."""
        left = {(room, who) for room, who, *_more in (*self.life.away, *self.life.known)} | self.life.gone.keys()
        for line in self.lines:
            run = self.runs[line.run_id]
            place = (run.group.native_id, self.life.helper_of(run.group.native_id))
            roles = {step.get("to") for step in self._as_it_was(run, line.step)}
            if line.reason == "nobody" and roles == {"moderators"} and place in self.life.members and place not in left:
                yield f"{line} says nobody is meant, and {place} is"

    def _moments(self, start: dict[str, Any], launch: Launch) -> Iterator[datetime]:
        if start["when"] == "event" and launch.event_at:
            yield launch.event_at.astimezone(UTC)
        elif start["when"] == "date":
            yield self._local(date.fromisoformat(str(start["date"])), start)
        elif start["when"] == "every":
            first = launch.began_at.astimezone(self.life.zone).date()
            last = date.fromisoformat(str(start["until"]))
            days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
            holidays = start.get("holidays") or launch.version.plain.get("holidays", "as_usual")
            for day in ruled(days, start["rule"], holidays) if days else ():
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
            if not run.version.plain["name"].startswith("flash") or run.state == "stopped":
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


def _lapse(text: str) -> timedelta:
    sign = -1 if text.startswith("-") else 1
    return sign * timedelta(seconds=int(text.lstrip("-")[:-1]) * UNITS[text[-1]])


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


__all__ = ["judge"]
