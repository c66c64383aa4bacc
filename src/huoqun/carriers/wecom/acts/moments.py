"""Moments, and words for newcomers of groups: material that colleagues publish or choose in their app."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.carriers.base import Asked, gettext_noop
from huoqun.carriers.wecom.acts import bodies, pictures
from huoqun.carriers.wecom.acts.desk import Answered, Desk
from huoqun.carriers.wecom.client.calls import moments, welcome
from huoqun.carriers.wecom.endings import refusal_of
from huoqun.carriers.wecom.errors import WeComError
from huoqun.vocabulary.actions import Body, MakeGroupWelcome, PostMoment
from huoqun.vocabulary.outcomes import Outcome, Refused, Sent, Waiting

TO_BE_PUBLISHED = gettext_noop("Colleagues have to publish the moment in WeCom.")
TAKEN_BACK = gettext_noop("It was taken back before anybody had published it.")
NO_MIXTURE = gettext_noop("A moment of WeCom has pictures or a link, not both. Take one of them out.")
ONE_MEDIUM = gettext_noop("WeCom's words for newcomers have one picture or one link. Take the others out.")

JOB, MOMENT = "job/", "moment/"


def post_moment(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, PostMoment):
        raise TypeError(f"{type(action).__name__} is no moment")
    jobid = moments.add(desk.client, _message(desk, action.body), staff=action.staff_ids, tags=action.tags)
    return Waiting(message_id=JOB + jobid, reason=TO_BE_PUBLISHED)


def follow(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    return [_standing(desk, asked[0].message_id)] * len(asked)


def withdraw(desk: Desk, asked: Sequence[Asked]) -> list[Outcome | None]:
    """Who has not published it cannot any more."""
    message_id = _moment_of(desk, asked[0].message_id)
    if not isinstance(message_id, str):
        return [message_id] * len(asked)
    moments.cancel(desk.client, message_id)
    published = [task for task in moments.tasks(desk.client, message_id) if task.publish_status == moments.PUBLISHED]
    ended: Outcome = Sent(message_id=MOMENT + message_id) if published else Refused(reason=TAKEN_BACK)
    return [ended] * len(asked)


def _standing(desk: Desk, message_id: str) -> Outcome | None:
    moment_id = _moment_of(desk, message_id)
    if not isinstance(moment_id, str):
        return moment_id
    tasks = moments.tasks(desk.client, moment_id)
    published = [task.userid for task in tasks if task.publish_status == moments.PUBLISHED]
    if not tasks or len(published) < len(tasks):
        return Waiting(message_id=MOMENT + moment_id, reason=TO_BE_PUBLISHED)
    return Sent(message_id=MOMENT + moment_id)


def _moment_of(desk: Desk, message_id: str) -> str | Outcome:
    """Its id; while WeCom makes it, or has failed to, what that means."""
    if message_id.startswith(MOMENT):
        return message_id.removeprefix(MOMENT)
    progress = moments.progress(desk.client, message_id.removeprefix(JOB))
    if progress.status != moments.DONE:
        return Waiting(message_id=message_id, reason=TO_BE_PUBLISHED)
    if progress.result.errcode:
        return refusal_of(WeComError(progress.result.errcode))
    return progress.result.moment_id


def _message(desk: Desk, body: Body) -> dict[str, object]:
    bodies.check(body, 4 * moments.TEXT_AT_MOST)
    if len(body.text) > moments.TEXT_AT_MOST:
        raise Answered(Refused(reason=bodies.TOO_LONG))
    if body.pictures and body.link:
        raise Answered(Refused(reason=NO_MIXTURE))
    attached = [{"msgtype": "image", "image": {"media_id": pictures.for_moment(desk, each)}} for each in body.pictures]
    if body.link:
        attached.append({"msgtype": "link", "link": _link(desk, body)})
    told: dict[str, object] = {"text": {"content": body.text}} if body.text else {}
    return told | ({"attachments": attached} if attached else {})


def _link(desk: Desk, body: Body) -> dict[str, str]:
    link = body.link
    if link is None:
        raise TypeError("there is no link")
    told = {"title": bodies.cut(link.title or link.url, 64), "url": link.url}
    return told | ({"media_id": pictures.for_moment(desk, link.picture)} if link.picture else {})


def make_group_welcome(desk: Desk, asked: Asked) -> Outcome:
    action = asked.action
    if not isinstance(action, MakeGroupWelcome):
        raise TypeError(f"{type(action).__name__} is no welcome for groups")
    message = _material(desk, action.body)
    template = welcome.add_template(desk.client, message, tells_owners=action.tells_owners, agentid=desk.corp.agentid)
    return Sent(message_id=template)


def _material(desk: Desk, body: Body) -> dict[str, object]:
    text = body.text.replace("{name}", "%NICKNAME%")
    bodies.check(Body(text=text, pictures=body.pictures, link=body.link), welcome.GROUP_TEXT_BYTES)
    if len(body.pictures) + bool(body.link) > 1:
        raise Answered(Refused(reason=ONE_MEDIUM))
    told: dict[str, object] = {"text": {"content": text}} if text else {}
    if body.pictures:
        told["image"] = {"media_id": pictures.for_message(desk, body.pictures[0])}
    if body.link:
        told["link"] = bodies.link(desk, body.link)
    return told
