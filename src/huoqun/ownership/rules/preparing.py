"""What of an action a person needs in order to do it by hand."""

from __future__ import annotations

from dataclasses import dataclass

from huoqun.vocabulary.actions import (
    Action,
    AnswerJoinRequest,
    Body,
    GroupAction,
    Link,
    MakeGroupWelcome,
    MessageMember,
    MessageStaff,
    MuteMember,
    PersonAction,
    PostMoment,
    PostToGroup,
    RemoveMember,
    RenameGroup,
    SetNotice,
    WelcomeMember,
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """`text` is what is copied and pasted."""

    text: str = ""
    pictures: tuple[str, ...] = ()
    link: Link | None = None


def prepared(action: Action) -> Prepared:
    match action:
        case PostToGroup(body=body) | MessageMember(body=body) | WelcomeMember(body=body) | MessageStaff(body=body):
            return _of_body(body)
        case PostMoment(body=body) | MakeGroupWelcome(body=body):
            return _of_body(body)
        case SetNotice(text=text) | RenameGroup(name=text) | AnswerJoinRequest(reason=text):
            return Prepared(text)
    return Prepared()


def _of_body(body: Body) -> Prepared:
    return Prepared(body.text, body.pictures, body.link)


def group_of(action: Action) -> str:
    """The carrier's id of the group it is for or known from; "" for none."""
    match action:
        case GroupAction(group_id=group_id) | MessageMember(group_id=group_id):
            return group_id
    return ""


def member_of(action: Action) -> str:
    """The carrier's id of the one person it is about; "" for none."""
    match action:
        case PersonAction(member_id=member_id) | RemoveMember(member_id=member_id) | MuteMember(member_id=member_id):
            return member_id
    return ""


def mentioned(action: Action) -> tuple[str, ...]:
    return action.mentions if isinstance(action, PostToGroup) else ()
