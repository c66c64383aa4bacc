"""Groups and customers change hands."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from datetime import datetime, timedelta

from huoqun.carriers.base import Asked, CutOff, Unreachable, gettext_noop
from huoqun.carriers.wecom.acts.desk import Desk
from huoqun.carriers.wecom.client.calls import groups, transfers
from huoqun.carriers.wecom.endings import Ending, ending_of, refusal_of
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.operations import deeds
from huoqun.carriers.wecom.queries import deeds_of
from huoqun.vocabulary.actions import HandOverCustomer, HandOverGroup
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater, Waiting

TAKES_A_DAY = gettext_noop("WeCom hands the customer over within a day, unless they refuse.")
THEY_REFUSED = gettext_noop("The customer has refused.")
NO_ROOM = gettext_noop("The new colleague cannot have any more customers.")

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far WeCom's clock and ours may be apart."""

NOT_DONE = TryLater(after=timedelta(0), reason="")


def hand_over_groups(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    """Those for one colleague go in one call."""
    endings: dict[str, Ending] = {}
    for part in _alike(asked, lambda each: (_group(each).to_staff_id, _group(each).resigned), groups.HANDED_AT_ONCE):
        endings |= _groups_handed(desk, part)
    return [endings[each.key] for each in asked]


def _groups_handed(desk: Desk, part: Sequence[Asked]) -> dict[str, Ending]:
    first = _group(part[0])
    wanted = [_group(each).group_id for each in part]
    try:
        failed = groups.hand_over(desk.client, wanted, first.to_staff_id, resigned=first.resigned)
    except (WeComError, Unreachable, CutOff) as trouble:
        return {each.key: ending_of(trouble) for each in part}
    refused = {each.chat_id: each.errcode for each in failed}
    return {each.key: _of_code(refused.get(_group(each).group_id, 0)) for each in part}


def _of_code(code: int) -> Outcome:
    return refusal_of(WeComError(code)) if code else Sent()


def look_up_group(desk: Desk, asked: Asked) -> Outcome:
    action = _group(asked)
    return Sent() if groups.get(desk.client, action.group_id, names=False).owner == action.to_staff_id else NOT_DONE


def hand_over_customers(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    endings: dict[str, Ending] = {}
    for part in _alike(asked, lambda each: (_way(_customer(each)), _customer(each).words), transfers.AT_ONCE):
        endings |= _customers_handed(desk, part)
    return [endings[each.key] for each in asked]


def _customers_handed(desk: Desk, part: Sequence[Asked]) -> dict[str, Ending]:
    first = _customer(part[0])
    people = [_customer(each).member_id for each in part]
    calls = deeds.begin(desk.corp, type(first).__name__, [each.key for each in part], now=desk.now(), together=True)
    try:
        begun = transfers.begin(
            desk.client, first.from_staff_id, first.to_staff_id, people, resigned=first.resigned, words=first.words
        )
    except (WeComError, Unreachable, CutOff) as trouble:
        if not isinstance(trouble, CutOff):
            deeds.undone(desk.corp, calls)
        return {each.key: ending_of(trouble) for each in part}
    deeds.done(desk.corp, calls[:1], now=desk.now(), message_id=_way(first))
    codes = {each.external_userid: each.errcode for each in begun}
    return {each.key: _begun(_customer(each), codes.get(_customer(each).member_id, 0)) for each in part}


def _begun(action: HandOverCustomer, code: int) -> Outcome:
    return refusal_of(WeComError(code)) if code else _waiting(action)


def _waiting(action: HandOverCustomer) -> Waiting:
    return Waiting(message_id=_way(action), reason=TAKES_A_DAY)


def look_up_customer(desk: Desk, asked: Asked) -> Outcome | None:
    tries = deeds_of(desk.corp, [asked.key]).get(asked.key)
    if not tries:
        return NOT_DONE
    there = _statuses(desk, asked).get(_customer(asked).member_id, [])
    standing = _standing(_customer(asked), there, since=tries[0].begun_at - CLOCKS_DIFFER)
    if isinstance(standing, Refused):
        return None  # no time stands there: it may be an older one that was refused
    return standing or NOT_DONE


def follow_customers(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    """All from one colleague to another."""
    statuses = _statuses(desk, asked[0])
    begun = {key: tries[0].begun_at - CLOCKS_DIFFER for key, tries in deeds_of(desk.corp, [each.key for each in asked]).items()}
    return [
        _standing(_customer(each), statuses.get(_customer(each).member_id, []), since=begun.get(each.key)) for each in asked
    ]


def _statuses(desk: Desk, asked: Asked) -> dict[str, list[transfers.Status]]:
    action = _customer(asked)
    return transfers.statuses(desk.client, action.from_staff_id, action.to_staff_id, resigned=action.resigned)


def _standing(action: HandOverCustomer, there: Sequence[transfers.Status], *, since: datetime | None) -> Outcome | None:
    """None: nothing is known of it. What was done before `since` was another time that they were handed over."""
    states = {each.status for each in there}
    if transfers.WAITING in states:
        return _waiting(action)
    if any(each.status == transfers.DONE and (since is None or each.takeover_time >= since.timestamp()) for each in there):
        return Sent(message_id=_way(action))
    if transfers.REFUSED in states:
        return Refused(reason=THEY_REFUSED)
    return Refused(reason=NO_ROOM, for_good=False) if transfers.FULL in states else None


def _way(action: HandOverCustomer) -> str:
    return f"{'resigned' if action.resigned else 'on'}/{action.from_staff_id}/{action.to_staff_id}"


def _alike(asked: Sequence[Asked], by: Callable[[Asked], Hashable], most: int) -> Iterator[list[Asked]]:
    """What may go in one call."""
    alike: dict[Hashable, list[Asked]] = {}
    for each in asked:
        alike.setdefault(by(each), []).append(each)
    for together in alike.values():
        yield from (together[start : start + most] for start in range(0, len(together), most))


def _group(asked: Asked) -> HandOverGroup:
    if not isinstance(asked.action, HandOverGroup):
        raise TypeError(f"{type(asked.action).__name__} hands over no group")
    return asked.action


def _customer(asked: Asked) -> HandOverCustomer:
    if not isinstance(asked.action, HandOverCustomer):
        raise TypeError(f"{type(asked.action).__name__} hands over no customer")
    return asked.action
