"""The first words to somebody new, within twenty seconds of their coming; and cards that say how they ended.

Both go by a code that WeCom takes once. So a call that was cut off may be made again: it cannot happen twice. What it answers
then tells nothing of the first, which is why each deed is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from huoqun.carriers.base import Asked, CutOff, Unreachable, gettext_noop
from huoqun.carriers.wecom.acts import bodies
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.client.answers import Answer
from huoqun.carriers.wecom.client.calls import messages, welcome
from huoqun.carriers.wecom.endings import Ending, ending_of
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Deed
from huoqun.carriers.wecom.operations import deeds
from huoqun.carriers.wecom.queries import deeds_of
from huoqun.vocabulary.actions import CloseCard, WelcomeMember
from huoqun.vocabulary.outcomes import Refused, Sent, Unknown

MAYBE = gettext_noop("A first try broke off, and now WeCom says no: it may have been done by that first try.")
RIVAL = "another worker has begun the same: it is left to that one"
NO_CODE = gettext_noop("There is no code to welcome with: WeCom gives none where they have talked before.")
NO_APP = gettext_noop("The connection does not know the app's id yet. Enter it in the settings of this company.")


def welcome_members(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    """Several at the same time: their twenty seconds are running."""
    return _once(desk, asked, lambda each: _words(desk, each), lambda wanted: welcome.send_many(desk.client, wanted))


def close_cards(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    return _once(desk, asked, lambda each: _closing(desk, each), lambda wanted: messages.close_cards(desk.client, wanted))


Made = Answer | WeComError | Unreachable | CutOff
Send = Callable[[Sequence[dict[str, object]]], list[Made]]


def _once(
    desk: Desk,
    asked: Sequence[Asked],
    body_of: Callable[[Asked], dict[str, object]],
    send: Send,
) -> list[Ending]:
    before = deeds_of(desk.corp, [each.key for each in asked])
    endings: dict[str, Ending] = {key: Sent() for key, tries in before.items() if any(each.done_at for each in tries)}
    going: list[tuple[Asked, dict[str, object]]] = []
    for each in asked:
        if each.key not in endings:
            try:
                going.append((each, body_of(each)))
            except Answered as answered:
                endings[each.key] = answered.ending
    endings |= _sent(desk, going, before, send)
    return [endings[each.key] for each in asked]


def _sent(
    desk: Desk,
    going: Sequence[tuple[Asked, dict[str, object]]],
    before: dict[str, list[Deed]],
    send: Send,
) -> dict[str, Ending]:
    if not going:
        return {}
    fresh = [each.key for each, _ in going if each.key not in before]
    calls = {key: tries[-1].call for key, tries in before.items()}
    calls |= dict(zip(fresh, deeds.begin(desk.corp, type(going[0][0].action).__name__, fresh, now=desk.now()), strict=True))
    rivalled = _rivalled(desk, fresh)
    alone = [(each, body) for each, body in going if each.key not in rivalled]
    endings: dict[str, Ending] = {key: CutOff(RIVAL) for key in rivalled}
    for (each, _), end in zip(alone, _made(send, [body for _, body in alone]), strict=True):
        endings[each.key] = _ending(end, tried_before=each.key in before)
    deeds.done(desk.corp, [calls[key] for key, ending in endings.items() if isinstance(ending, Sent)], now=desk.now())
    deeds.undone(desk.corp, [calls[key] for key in fresh if not isinstance(endings[key], CutOff)])
    return endings


def _rivalled(desk: Desk, fresh: Sequence[str]) -> set[str]:
    """What another worker has begun as well: one of the two was held up for longer than a lease. Each has written its own deed
    down before it looks, so at most one goes on, and a "no" it hears is not due to the other.
    """
    return {key for key, tries in deeds_of(desk.corp, fresh).items() if len(tries) > 1}


def _made(send: Send, bodies: Sequence[dict[str, object]]) -> list[Made]:
    try:
        return send(bodies) if bodies else []
    except (WeComError, Unreachable, CutOff) as trouble:  # no token could be had: nothing was sent
        return [Unreachable(str(trouble)) if isinstance(trouble, CutOff) else trouble] * len(bodies)


def _ending(end: Made, *, tried_before: bool) -> Ending:
    if isinstance(end, Answer):
        return Sent()
    ending = ending_of(end)
    return Unknown(reason=MAYBE) if tried_before and isinstance(ending, Refused) else ending


def _words(desk: Desk, asked: Asked) -> dict[str, object]:
    action = asked.action
    if not isinstance(action, WelcomeMember):
        raise TypeError(f"{type(action).__name__} is no welcome")
    if not action.code:
        raise Answered(Refused(reason=NO_CODE))
    return {"welcome_code": action.code} | bodies.message(desk, action.body)


def _closing(desk: Desk, asked: Asked) -> dict[str, object]:
    action = asked.action
    if not isinstance(action, CloseCard):
        raise TypeError(f"{type(action).__name__} closes no card")
    if desk.corp.agentid is None:
        raise Answered(Refused(reason=NO_APP, for_good=False))
    return messages.closing(desk.corp.agentid, action.code, action.words)
