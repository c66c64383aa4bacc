"""An action as a call to the world, and the world's reply as an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huoqun.carriers.base import gettext_noop
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.outcomes import Failed, Outcome, Sent, Waiting

from .errors import outcome_of
from .world.words import Reply

NOT_THERE = gettext_noop("Not in the group any more.")
TO_CONFIRM = gettext_noop("A colleague has to say yes in the app.")
WITHDRAWN = gettext_noop("It was taken back before anybody said yes.")


def call_for(action: act.Action) -> tuple[str, dict[str, Any]]:
    """The world's method and words. Raises TypeError for what the manifest says it cannot do."""
    match action:
        case act.PostToGroup():
            return "say", {"room": action.group_id, "to": action.mentions, "answering": action.reply_to, **_body(action.body)}
        case act.PinMessage():
            return "pin", {"room": action.group_id, "post": action.message_id}
        case act.SetNotice():
            return "board", {"room": action.group_id, "text": action.text}
        case act.RecallMessage():
            return "unsay", {"room": action.group_id, "post": action.message_id}
        case act.RemoveMember():
            return "show_out", {"room": action.group_id, "who": action.member_id}
        case act.MuteMember():
            return "hush", {"room": action.group_id, "who": action.member_id, "until": _moment(action.until)}
        case act.RenameGroup():
            return "name", {"room": action.group_id, "name": action.name}
        case act.MakeJoinLink():
            words = {"until": _moment(action.expires_at), "uses": action.uses, "more": action.more_group_ids}
            return "door", {"room": action.group_id, "title": action.title, "source": action.source, **words}
        case act.ChangeJoinLink() | act.EndJoinLink() | act.MakeContactLink() | act.ChangeContactLink() | act.EndContactLink():
            return _call_about_a_code(action)
        case _:
            return _call_about_a_person(action)


def _call_about_a_code(action: act.Action) -> tuple[str, dict[str, Any]]:
    match action:
        case act.ChangeJoinLink():
            words = {"title": action.title, "source": action.source}
            return "change_code", {"door": action.link_id, "rooms": action.group_ids, **words}
        case act.MakeContactLink():
            return "badge", {"staff": action.staff_ids, "title": action.title, "source": action.source}
        case act.ChangeContactLink():
            words = {"title": action.title, "source": action.source}
            return "change_code", {"door": action.link_id, "staff": action.staff_ids, **words}
        case act.EndJoinLink(link_id=link) | act.EndContactLink(link_id=link):
            return "end_code", {"door": link}
    raise TypeError(f"{type(action).__name__} is about no code")


def _call_about_a_person(action: act.Action) -> tuple[str, dict[str, Any]]:
    match action:
        case act.MessageMember():
            return "whisper", {"who": action.member_id, **_body(action.body)}
        case act.WelcomeMember():
            return "greet", {"who": action.member_id, "ticket": action.code, **_body(action.body)}
        case act.TagMember():
            return "tag", {"who": action.member_id, "add": action.add, "remove": action.remove}
        case act.AnswerJoinRequest():
            knock = {"knock": action.request_id, "let_in": action.admit, "reason": action.reason}
            return "answer_knock", {"who": action.member_id, **knock}
        case act.HandOverCustomer():
            return "pass_on", {"who": action.member_id, "from": action.from_staff_id, "to": action.to_staff_id}
        case act.MessageStaff():
            buttons = {choice.key: choice.title for choice in action.choices}
            return "page_staff", {"who": action.staff_id, "task": action.task, "buttons": buttons, **_body(action.body)}
        case act.CloseCard():
            return "close_card", {"who": action.staff_id, "code": action.code, "text": action.words}
        case act.PostMoment():
            return "moment", {"staff": action.staff_ids, **_body(action.body)}
        case act.MakeGroupWelcome():
            return "first_words", _body(action.body)
    raise TypeError(f"the manifest says that {type(action).__name__} is not sent, so there is no call for it")


def outcome_for(reply: Reply) -> Outcome:
    if not reply["ok"]:
        return outcome_of(reply)
    if "errand" in reply:
        return Waiting(message_id=reply["errand"], reason=TO_CONFIRM)
    return Sent(
        message_id=reply.get("post") or reply.get("door") or "",
        reached=reply.get("seen_by"),
        failed=tuple(Failed(member_id=person, reason=NOT_THERE) for person in reply.get("missed", ())),
    )


def _body(body: act.Body) -> dict[str, Any]:
    link = {"url": body.link.url, "title": body.link.title} if body.link else None
    return {"text": body.text, "pictures": body.pictures, "link": link}


def _moment(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
