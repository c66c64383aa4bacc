"""Whether something that happened is what a run waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from huoqun.community.models import Identity
from huoqun.outbox.models import Request
from huoqun.outbox.rules.states import State as RequestState
from huoqun.sop.models import Line, Run
from huoqun.sop.rules.answers import words_in
from huoqun.sop.rules.states import LineState
from huoqun.sop.steps import Branch, Wait
from huoqun.vocabulary.events import GroupEvent, MemberLeft, MessagePosted, OrderPaid
from huoqun.vocabulary.ids import group_key, person_key

WAITED_FOR = (MessagePosted, OrderPaid, MemberLeft)


def came_at(lines: Iterable[Line], happened: Iterable[GroupEvent]) -> dict[Line, datetime]:
    """When what they wait for came, the first time; lines for which it did not come are not in it. Of what was said a line
    keeps the words that a later branch asks for, and no others.
    """
    events: dict[int, list[GroupEvent]] = {}
    keys: dict[tuple[object, str], int] = {}
    for event in happened:
        if isinstance(event, WAITED_FOR):
            place = (event.account, event.group_id)
            if place not in keys:
                keys[place] = group_key(*place)
            events.setdefault(keys[place], []).append(event)
    house = _house(event for each in events.values() for event in each) if events else set()
    found: dict[Line, datetime] = {}
    for line in lines:
        step = line.run.version.book.find(line.step)
        told = events.get(line.run.group.key, ())
        came = [event for event in told if isinstance(step, Wait) and _is_it(line, step, event, house)]
        if came:
            first = min(came, key=lambda event: event.at)
            found[line] = first.at
            line.text = "\n".join(words_in(_said(first), _asked_for(line)))
    return found


def _said(event: GroupEvent) -> str:
    return event.text or "" if isinstance(event, MessagePosted) else ""


def _asked_for(wait: Line) -> list[str]:
    """Words that branches after it look for in the answer."""
    questions = [step.question for step in wait.run.version.book.steps if isinstance(step, Branch)]
    return [word for each in questions if each.about == "answer" and each.of == wait.step for word in each.one_of]


def _house(happened: Iterable[GroupEvent]) -> set[int]:
    keys = {person_key(event.account, event.author.id) for event in happened if isinstance(event, MessagePosted)}
    return set(Identity.objects.filter(key__in=keys).exclude(person__house="").values_list("key", flat=True))


def _is_it(line: Line, step: Wait, event: GroupEvent, house: Collection[int]) -> bool:
    """What comes when the time is over does not count, however late anybody looks."""
    run = line.run
    if not line.at <= event.at < line.latest:
        return False
    match event:
        case MessagePosted():
            who = person_key(event.account, event.author.id)
            if event.house or who in house or (run.member is not None and who != run.member.key):
                return False
            return step.fact == "spoke" or (step.fact == "answered" and _answers(run, step, event))
        case OrderPaid():
            return step.fact == "bought" and _is_member(run, person_key(event.account, event.member.id))
        case MemberLeft():
            return step.fact == "left" and _is_member(run, person_key(event.account, event.member.id))
    return False


def _is_member(run: Run, who: int) -> bool:
    return run.member is None or run.member.key == who


def _answers(run: Run, step: Wait, event: MessagePosted) -> bool:
    """A reply to what was said; where the carrier knows no replies, anything said after it."""
    said = Line.objects.filter(run=run, step=step.said).first()
    if said is None:
        return False
    message_id = said.message_id if said.state == LineState.DONE else _just_sent(said)
    if message_id is None:
        return False
    return event.reply_to == message_id if event.reply_to and message_id else event.at >= said.at


def _just_sent(said: Line) -> str | None:
    """It is out, and we have not heard so yet. None: it is not."""
    sent = Request.objects.filter(room="sop", key=said.request_key, state=RequestState.SENT)
    return sent.values_list("message_id", flat=True).first()
