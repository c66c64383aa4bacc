"""Which of the acts does what: one `match` over the actions, and one over what they leave to be asked."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.carriers.base import Asked, Unreachable
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.outcomes import Outcome

from .acts import handovers, links, mass_messages, moments, staff, tags, welcomes
from .acts.desk import Desk, one_by_one
from .endings import Ending
from .errors import Kind, WeComError


def send(desk: Desk, asked: Sequence[Asked]) -> list[Ending]:
    """All of one kind. Raises TypeError for what the manifest says is not sent."""
    match asked[0].action:
        case act.PostToGroup():
            return mass_messages.post_to_groups(desk, asked)
        case act.MessageMember():
            return mass_messages.message_members(desk, asked)
        case act.WelcomeMember():
            return welcomes.welcome_members(desk, asked)
        case act.CloseCard():
            return welcomes.close_cards(desk, asked)
        case act.HandOverGroup():
            return handovers.hand_over_groups(desk, asked)
        case act.HandOverCustomer():
            return handovers.hand_over_customers(desk, asked)
    return one_by_one(asked, lambda each: _one(desk, each))


def _one(desk: Desk, asked: Asked) -> Outcome:
    match asked.action:
        case act.MessageStaff():
            return staff.message_staff(desk, asked)
        case act.TagMember():
            return tags.tag_member(desk, asked)
        case act.MakeJoinLink():
            return links.make_join_link(desk, asked)
        case act.ChangeJoinLink():
            return links.change_join_link(desk, asked)
        case act.EndJoinLink():
            return links.end_join_link(desk, asked)
        case act.MakeContactLink():
            return links.make_contact_link(desk, asked)
        case act.ChangeContactLink():
            return links.change_contact_link(desk, asked)
        case act.EndContactLink():
            return links.end_contact_link(desk, asked)
        case act.PostMoment():
            return moments.post_moment(desk, asked)
        case act.MakeGroupWelcome():
            return moments.make_group_welcome(desk, asked)
    raise TypeError(f"the manifest says that {type(asked.action).__name__} is not sent, so there is no call for it")


def look_up(desk: Desk, asked: Asked) -> Outcome | None:
    """None: WeCom cannot tell."""
    try:
        match asked.action:
            case act.PostToGroup() | act.MessageMember():
                return mass_messages.look_up(desk, asked)
            case act.HandOverGroup():
                return handovers.look_up_group(desk, asked)
            case act.HandOverCustomer():
                return handovers.look_up_customer(desk, asked)
            case act.TagMember():
                return tags.look_up(desk, asked)
            case _:
                return links.look_up(desk, asked)
    except WeComError as error:
        _heed(error)
        return None


def follow(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    try:
        match asked[0].action:
            case act.HandOverCustomer():
                return handovers.follow_customers(desk, asked)
            case act.PostMoment():
                return moments.follow(desk, asked)
        return mass_messages.follow(desk, asked)
    except WeComError as error:
        _heed(error)
        return [None] * len(asked)


def remind(desk: Desk, asked: Asked) -> Outcome:
    return mass_messages.remind(desk, asked)


def withdraw(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    try:
        if isinstance(asked[0].action, act.PostMoment):
            return moments.withdraw(desk, asked)
        return mass_messages.withdraw(desk, asked)
    except WeComError as error:
        _heed(error)
        return [None] * len(asked)


def _heed(error: WeComError) -> None:
    """A question that was refused is no answer. Raises Unreachable where it is worth asking again."""
    if error.kind in {Kind.BUSY, Kind.TOKEN}:
        raise Unreachable(error.sentence)
