"""Live codes: into groups, and to colleagues."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from huoqun.carriers.base import Asked, CutOff, Unreachable, gettext_noop
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.client.calls import ways
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.operations import deeds
from huoqun.carriers.wecom.queries import deeds_of, messages_known
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, TryLater

TOO_MANY_GROUPS = gettext_noop("A live code of WeCom leads to five groups at most.")
TOO_MANY_STAFF = gettext_noop("A live code of WeCom leads to one hundred colleagues at most, and to one at least.")
SOURCE_TOO_LONG = gettext_noop("The source of a live code has at most thirty letters in WeCom. Choose a shorter one.")
NEVER_ENDS = gettext_noop("WeCom's live codes do not end by themselves. Make one that does not, and end it when it is time.")

NO_SUCH_WAY = frozenset({41044, 60136})
CLOCKS_DIFFER = timedelta(minutes=10)


def make_join_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.MakeJoinLink):
        raise TypeError(f"{type(action).__name__} makes no live code")
    if action.expires_at or action.uses:
        raise Answered(Refused(reason=NEVER_ENDS))
    groups = (action.group_id, *action.more_group_ids)
    config_id = ways.add_join_way(desk.client, _join_body(groups, action))
    return Sent(message_id=config_id, link=_picture(desk, config_id))


def change_join_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.ChangeJoinLink):
        raise TypeError(f"{type(action).__name__} changes no live code")
    ways.update_join_way(desk.client, action.link_id, _join_body(action.group_ids, action))
    return Sent(message_id=action.link_id, link=_picture(desk, action.link_id))


def end_join_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.EndJoinLink):
        raise TypeError(f"{type(action).__name__} ends no live code")
    ways.delete_join_way(desk.client, action.link_id)
    return Sent(message_id=action.link_id)


def make_contact_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.MakeContactLink):
        raise TypeError(f"{type(action).__name__} makes no live code")
    body = _contact_body(action)
    calls = deeds.begin(desk.corp, type(action).__name__, [asked.key], now=desk.now())
    try:
        made = ways.add_contact_way(desk.client, body)
    except (WeComError, Unreachable):
        deeds.undone(desk.corp, calls)
        raise
    deeds.done(desk.corp, calls, now=desk.now(), message_id=made.config_id)
    return Sent(message_id=made.config_id, link=made.qr_code)


def change_contact_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.ChangeContactLink):
        raise TypeError(f"{type(action).__name__} changes no live code")
    ways.update_contact_way(desk.client, action.link_id, _contact_body(action))
    return Sent(message_id=action.link_id)


def end_contact_link(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, act.EndContactLink):
        raise TypeError(f"{type(action).__name__} ends no live code")
    ways.delete_contact_way(desk.client, action.link_id)
    return Sent(message_id=action.link_id)


def _join_body(groups: tuple[str, ...], action: act.MakeJoinLink | act.ChangeJoinLink) -> dict[str, object]:
    if not 0 < len(groups) <= ways.GROUPS_AT_MOST:
        raise Answered(Refused(reason=TOO_MANY_GROUPS))
    _check_source(action.source)
    return ways.join_way_body(
        groups,
        remark=action.title,
        state=action.source,
        new_groups=action.new_groups,
        first_number=action.first_number,
    )


def _contact_body(action: act.MakeContactLink | act.ChangeContactLink) -> dict[str, object]:
    if not 0 < len(action.staff_ids) <= ways.STAFF_AT_MOST:
        raise Answered(Refused(reason=TOO_MANY_STAFF))
    _check_source(action.source)
    return ways.contact_way_body(action.staff_ids, remark=action.title, state=action.source, asks_first=action.asks_first)


def _check_source(source: str) -> None:
    """A source that was cut would come back as another one."""
    if len(source) > ways.WORDS_AT_MOST:
        raise Answered(Refused(reason=SOURCE_TOO_LONG))


def _picture(desk: Desk, config_id: str) -> str:
    """Where the code is shown. It is made whether or not this can be told now."""
    try:
        return ways.join_way(desk.client, config_id).qr_code
    except (WeComError, Unreachable, CutOff):
        return ""


# What became of it


def look_up(desk: Desk, asked: Asked) -> Outcome | None:
    match asked.action:
        case act.ChangeJoinLink() as action:
            return _unless_gone(lambda: _join_stands(desk, action), gone=None)
        case act.ChangeContactLink() as change:
            return _unless_gone(lambda: _contact_stands(desk, change), gone=None)
        case act.EndJoinLink(link_id=link_id):
            return _unless_gone(lambda: _still(ways.join_way(desk.client, link_id).config_id), gone=Sent(message_id=link_id))
        case act.EndContactLink(link_id=link_id):
            return _unless_gone(lambda: _still(ways.contact_way(desk.client, link_id).config_id), gone=Sent(message_id=link_id))
        case act.MakeContactLink() as wanted:
            return _made_contact_link(desk, asked.key, wanted)
    raise TypeError(f"{type(asked.action).__name__} is about no live code")


def _unless_gone(stands: Callable[[], Outcome], *, gone: Outcome | None) -> Outcome | None:
    try:
        return stands()
    except WeComError as error:
        if error.code in NO_SUCH_WAY:
            return gone
        raise


NOT_DONE = TryLater(after=timedelta(0), reason="")


def _still(_there: str) -> Outcome:
    return NOT_DONE


def _join_stands(desk: Desk, action: act.ChangeJoinLink) -> Outcome:
    way = ways.join_way(desk.client, action.link_id)
    wanted = (list(action.group_ids), action.source, bool(action.new_groups), action.title[: ways.WORDS_AT_MOST])
    stands = (way.chat_id_list, way.state, bool(way.auto_create_room), way.remark) == wanted
    return Sent(message_id=action.link_id, link=way.qr_code) if stands else NOT_DONE


def _contact_stands(desk: Desk, action: act.ChangeContactLink) -> Outcome:
    way = ways.contact_way(desk.client, action.link_id)
    return Sent(message_id=action.link_id) if _is_like(way, action) else NOT_DONE


def _is_like(way: ways.ContactWay, action: act.MakeContactLink | act.ChangeContactLink) -> bool:
    wanted = (set(action.staff_ids), action.source, not action.asks_first, action.title[: ways.WORDS_AT_MOST])
    return (set(way.user), way.state, way.skip_verify, way.remark) == wanted


def _made_contact_link(desk: Desk, key: str, action: act.MakeContactLink) -> Outcome | None:
    """Among those made about then, one like it that none of ours is."""
    tries = deeds_of(desk.corp, [key]).get(key)
    if not tries:
        return NOT_DONE
    deed = next((each for each in tries if each.message_id), tries[0])
    if not deed.message_id:
        start, end = ((deed.begun_at + shift).timestamp() for shift in (-CLOCKS_DIFFER, CLOCKS_DIFFER))
        listed, _ = ways.contact_ways(desk.client, int(start), int(end))
        strange = [each for each in listed if each not in messages_known(desk.corp.corpid, listed)]
        alike = [way for way in (ways.contact_way(desk.client, each) for each in strange) if _is_like(way, action)]
        if len(alike) != 1:
            return None if alike else NOT_DONE
        deeds.done(desk.corp, [deed.call], now=desk.now(), message_id=alike[0].config_id)
        return Sent(message_id=alike[0].config_id, link=alike[0].qr_code)
    return Sent(message_id=deed.message_id, link=ways.contact_way(desk.client, deed.message_id).qr_code)
