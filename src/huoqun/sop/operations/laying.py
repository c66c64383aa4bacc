"""What a step of a run comes to: a line, and what is asked of carriers and people for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import singledispatch
from zoneinfo import ZoneInfo

from huoqun.console.models import Staff
from huoqun.content.rules.filling import Unfilled, day_values, filled
from huoqun.outbox.rules.quiet import QuietHours
from huoqun.outbox.types import Ask
from huoqun.ownership.types import Give
from huoqun.sop.asked import Lookups
from huoqun.sop.models import Line, Run
from huoqun.sop.parts.shape import PROOFS, Base, Words
from huoqun.sop.parts.slots import worded
from huoqun.sop.playbooks.answers import with_answers
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.rules.answers import Known, way
from huoqun.sop.rules.days_off import EVERY_DAY, Days
from huoqun.sop.rules.promises import BY_PEOPLE, due
from huoqun.sop.rules.states import LineState, Why
from huoqun.sop.steps import Approval, Branch, End, HandOver, Message, Notice, Pin, Post, Step, Todo, Topic, Wait
from huoqun.sop.steps.branch import SAID as ANSWERS
from huoqun.sop.whom import NOBODY, Meant, Person
from huoqun.vocabulary import actions
from huoqun.vocabulary.actions import Action, Body
from huoqun.vocabulary.ids import Account

ROOM = "sop"
LONGEST_TITLE = 200
FAREWELL_FIRST = timedelta(minutes=2)
"""So long before the group is dissolved its farewell may go out."""

LATE = "late"
"""`way` of a wait that was laid after its moment: the log since then is still to be looked through."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A run as its steps see it."""

    run: Run
    book: Playbook
    account: Account
    zone: ZoneInfo
    lines: dict[str, Line]
    """By step: what is there already."""
    values: dict[str, str]
    """Of variables."""
    persona: str = ""
    days: Days = EVERY_DAY
    known: Known = field(default_factory=dict)
    meant: Mapping[str, Meant] = field(default_factory=dict)
    """By step: whom messages for a role are for."""
    staff: Mapping[str, Staff] = field(default_factory=dict)
    """By `owner` of a step: whom of ours it is for, where that is not whoever runs the group."""
    lookups: Lookups | None = None
    """What is not at hand."""

    @property
    def seed(self) -> str:
        return f"{self.run.launch_id}/{self.run.group_id}"

    @property
    def about(self) -> str:
        return f"run/{self.run.pk}"

    def filled(self, text: str, at: datetime) -> str:
        """With every variable's value. Raises Unfilled."""
        answered = with_answers(text, self.run.launch.answers)
        return filled(answered, self.values | day_values(at.astimezone(self.zone).date()))

    def _day(self, at: datetime) -> int:
        return at.astimezone(self.zone).toordinal()

    def said(self, step: Base, words: Words, at: datetime) -> str:
        """In this group's wording. Raises Unfilled."""
        own = self.run.own_words.get(step.key)
        text = (
            own
            if own is not None
            else worded(words.personas.get(self.persona, words.text), words.slots, f"{self.seed}/{step.key}", day=self._day(at))
        )
        return self.filled(text, at)


@dataclass(frozen=True, slots=True)
class Laid:
    line: Line
    asks: tuple[Ask, ...] = ()
    gives: tuple[Give, ...] = ()
    hands_over_to: str = ""

    def until(self, latest: datetime) -> Laid:
        """With an earlier end."""
        return replace(self, asks=tuple(replace(ask, expires=latest) for ask in self.asks))


def lay(step: Step, scene: Scene, at: datetime) -> Laid:
    """Never raises: what cannot be done is a line that says why."""
    try:
        return _lay(step, scene, at)
    except Unfilled as unfilled:
        return left_out(step, scene, at, Why.NO_VALUE, detail=", ".join(unfilled.names))


def left_out(step: Base, scene: Scene, at: datetime, why: Why, *, detail: str = "") -> Laid:
    line = _line(step, scene, at, LineState.SKIPPED)
    if isinstance(step, Approval):
        line.way = "limit"
    line.reason, line.settled_at = f"{why}{detail and f': {detail}'}"[:300], at
    return Laid(line)


def time_of(step: Base) -> timedelta:
    """So long after its moment it can still be done, or come."""
    match step:
        case Wait() | Approval():
            return step.limit.delta
        case Todo():
            return max(step.within.delta, step.expires.delta)
    return step.expires.delta


def _line(step: Base, scene: Scene, at: datetime, state: LineState = LineState.PLANNED, **more: str) -> Line:
    kind, latest = str(step.__struct_config__.tag), at + time_of(step)
    return Line(
        run_id=scene.run.pk,
        launch_id=scene.run.launch_id,
        group_id=scene.run.group_id,
        step=step.key,
        kind=kind,
        core=step.core,
        at=at,
        day=at.astimezone(scene.zone).date(),
        due_at=due(step, at, latest),
        latest=latest,
        by_hand=kind in BY_PEOPLE,
        state=state,
        edition=scene.run.edition,
        **more,
    )


def _ask(step: Base, action: Action, line: Line, scene: Scene) -> Ask:
    hours = step.window
    return Ask(
        action=action,
        key=line.request_key,
        room=ROOM,
        about=scene.about,
        by=scene.run.launch.began_by,
        not_before=line.at,
        expires=line.latest,
        # Also where it is late for its moment: what waits for the carrier all night does not go out at three.
        quiet=QuietHours(hours.end, hours.start, scene.zone.key) if hours else None,
        priority=min(max(scene.book.priority, 1), 9),
        run=scene.run.launch.run_name,
    )


def _asked(step: Base, action: Action, scene: Scene, at: datetime, text: str = "") -> Laid:
    line = _line(step, scene, at, text=text)
    return Laid(line, asks=(_ask(step, action, line, scene),))


def _body(words: Words, text: str) -> Body:
    link = actions.Link(url=words.link.url, title=words.link.title, description=words.link.description) if words.link else None
    return Body(text=text, pictures=(words.picture,) if words.picture else (), link=link)


@singledispatch
def _lay(step: object, scene: Scene, at: datetime) -> Laid:
    raise TypeError(f"{type(step).__name__} is no step")


@_lay.register
def _(step: Post, scene: Scene, at: datetime) -> Laid:
    text = scene.said(step, step.words, at)
    action = actions.PostToGroup(account=scene.account, group_id=scene.run.group.native_id, body=_body(step.words, text))
    return _asked(step, action, scene, at, text)


@_lay.register
def _(step: Topic, scene: Scene, at: datetime) -> Laid:
    text = scene.said(step, step.words, at)
    action = actions.PostToGroup(account=scene.account, group_id=scene.run.group.native_id, body=_body(step.words, text))
    laid = _asked(step, action, scene, at, text)
    if not step.seeds:
        return laid
    seed = scene.filled("\n".join(step.seeds), at)
    keep_going = Give(
        community=scene.run.launch.community,
        key=f"{laid.line.request_key}/seed",
        room=ROOM,
        about=scene.about,
        due_at=at + step.quiet.delta,
        expires_at=laid.line.latest + step.quiet.delta,
        title=(step.title or text[:80] or scene.book.title)[:LONGEST_TITLE],
        why=step.why,
        group=scene.run.group,
        text=seed,
    )
    return replace(laid, gives=(keep_going,))


@_lay.register
def _(step: Notice, scene: Scene, at: datetime) -> Laid:
    text = scene.said(step, step.words, at)
    return _asked(
        step, actions.SetNotice(account=scene.account, group_id=scene.run.group.native_id, text=text), scene, at, text
    )


@_lay.register
def _(step: Message, scene: Scene, at: datetime) -> Laid:
    if step.to != "member":
        return _to_role(step, scene, at)
    member = scene.run.member
    if member is None:
        return left_out(step, scene, at, Why.NOBODY)
    text = scene.said(step, step.words, at)
    action = actions.MessageMember(
        account=scene.account, member_id=member.native_id, group_id=scene.run.group.native_id, body=_body(step.words, text)
    )
    return _asked(step, action, scene, at, text)


def _to_role(step: Message, scene: Scene, at: datetime) -> Laid:
    """One request each, and one line. Whoever lacks a value for a variable gets nothing."""
    meant = scene.meant.get(step.key, NOBODY)
    if not meant.people:
        return left_out(step, scene, at, Why.NOBODY)
    texts, missing = dict[Person, str](), dict[str, None]()
    for person in meant.people:
        try:
            texts[person] = replace(scene, values=scene.values | {"member": person.name}).said(step, step.words, at)
        except Unfilled as unfilled:
            missing |= dict.fromkeys(unfilled.names)
    if not texts:
        return left_out(step, scene, at, Why.NO_VALUE, detail=", ".join(missing))
    line = _line(step, scene, at, text=next(iter(texts.values())))
    line.to = [person.identity for person in texts]
    if meant.of > len(meant.people):
        line.reason = f"{Why.MOST}: {len(meant.people)}/{meant.of}"
    return Laid(line, asks=tuple(_to_person(step, scene, line, person, text) for person, text in texts.items()))


def _to_person(step: Message, scene: Scene, line: Line, person: Person, text: str) -> Ask:
    account, body = person.account or scene.account, _body(step.words, text)
    action: Action = (
        actions.MessageStaff(account=account, staff_id=person.native_id, body=body)
        if person.is_ours
        else actions.MessageMember(account=account, member_id=person.native_id, group_id=scene.run.group.native_id, body=body)
    )
    return replace(_ask(step, action, line, scene), key=line.request_to(person.identity))


@_lay.register
def _(step: Todo, scene: Scene, at: datetime) -> Laid:
    text = scene.said(step, step.script, at) if step.script else ""
    line = _line(step, scene, at, LineState.HAND, text=text)
    return Laid(line, gives=(_give(step, scene, line, title=scene.filled(step.task, at), text=text, within=step.within.delta),))


def _give(step: Base, scene: Scene, line: Line, *, title: str, text: str = "", within: timedelta) -> Give:
    run = scene.run
    return Give(
        community=run.launch.community,
        key=line.request_key,
        room=ROOM,
        about=scene.about,
        due_at=line.at + within,
        expires_at=line.latest,
        title=title.strip()[:LONGEST_TITLE] or scene.book.title[:LONGEST_TITLE],
        why=step.why,
        group=run.group,
        member=run.member,
        text=text,
        by=run.launch.began_by,
        wants=step.evidence if isinstance(step, Todo) and step.evidence in PROOFS else "",
        to=scene.staff.get(step.owner),
        to_leads=step.owner == "lead",
    )


@_lay.register
def _(step: Pin, scene: Scene, at: datetime) -> Laid:
    said = scene.lines.get(step.said)
    if said is None or said.state in {LineState.SKIPPED, LineState.FAILED}:
        return left_out(step, scene, at, Why.NOT_SAID)
    if said.state != LineState.DONE or not said.message_id:
        # It is looked at again when that is out; the run itself does not wait for it longer than the step's time.
        if said.state == LineState.DONE:
            return left_out(step, scene, at, Why.NOT_SAID)
        return Laid(_line(step, scene, at, LineState.WAITING))
    action = actions.PinMessage(account=scene.account, group_id=scene.run.group.native_id, message_id=said.message_id)
    return _asked(step, action, scene, at)


@_lay.register
def _(step: Wait, scene: Scene, at: datetime) -> Laid:
    if not step.fact:
        line = _line(step, scene, at, LineState.DONE, way="limit")
        line.settled_at = at + step.limit.delta
        return Laid(line)
    said = scene.lines.get(step.said)
    if step.fact == "todo_done" and said is not None and said.state == LineState.DONE:
        line = _line(step, scene, at, LineState.DONE, way="came")
        line.settled_at = max(at, said.settled_at or at)
        return Laid(line)
    return Laid(_line(step, scene, at, LineState.WAITING))


@_lay.register
def _(step: Approval, scene: Scene, at: datetime) -> Laid:
    line = _line(step, scene, at, LineState.WAITING)
    give = _give(step, scene, line, title=scene.filled(step.question, at), within=step.limit.delta)
    return Laid(line, gives=(give,))


@_lay.register
def _(step: Branch, scene: Scene, at: datetime) -> Laid:
    chosen = way(step, known_to(step, scene, at))
    line = _line(step, scene, at, LineState.DONE, way=chosen)
    line.settled_at = at
    return Laid(line)


def known_to(step: Branch, scene: Scene, at: datetime) -> Known:
    """What is known of what this branch asks."""
    known = {**scene.known, **_of_lines(step, scene)}
    if step.question.about not in known and scene.lookups is not None:
        known[step.question.about] = scene.lookups.value(step.question, scene.run, at)
    return known


def _of_lines(step: Branch, scene: Scene) -> Known:
    line = scene.lines.get(step.question.of)
    if line is None:
        return {}
    return {"waited": line.way == "came", "done": line.state == LineState.DONE, "answer": _answer(line)}


def _answer(line: Line) -> tuple[str, ...] | None:
    """To a wait: those words of later branches that were said. To an approval: yes, no, or nobody."""
    if line.kind == "wait":
        return tuple(line.text.split("\n")) if line.way == "came" else None
    yes, no, nobody = ANSWERS
    if line.state == LineState.SKIPPED and line.reason == Why.BY_HAND:
        return (no,)
    return (yes,) if line.way == "came" else (nobody,)


@_lay.register
def _(step: HandOver, scene: Scene, at: datetime) -> Laid:
    line = _line(step, scene, at, LineState.DONE)
    line.settled_at = at
    return Laid(line, hands_over_to=step.playbook)


@_lay.register
def _(step: End, scene: Scene, at: datetime) -> Laid:
    line = _line(step, scene, at, text=scene.said(step, step.farewell, at) if step.farewell else "")
    asks = list[Ask]()
    if step.farewell:
        post = actions.PostToGroup(
            account=scene.account, group_id=scene.run.group.native_id, body=_body(step.farewell, line.text)
        )
        asks.append(_ask(step, post, line, scene))
    if step.dissolve:
        asks = [replace(ask, key=f"{line.request_key}/farewell") for ask in asks]
        asks.append(_dissolved(step, line, scene))
    if not asks:
        line.state, line.settled_at = LineState.DONE, at
    return Laid(line, asks=tuple(asks))


def _dissolved(step: End, line: Line, scene: Scene) -> Ask:
    ask = _ask(step, actions.DissolveGroup(account=scene.account, group_id=scene.run.group.native_id), line, scene)
    if not step.farewell:
        return ask
    return replace(ask, not_before=line.at + min(FAREWELL_FIRST, (line.latest - line.at) / 2))
