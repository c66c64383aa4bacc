"""Colleagues deal with what apps ask of them: mass sends, moments, cards with buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.builders import IN_APP, card_answered, in_app, located, message_to_app
from wecom_sandbox.inboxes import Inboxes, Letter
from wecom_sandbox.mass_sends import Habit, MassSends
from wecom_sandbox.moments import Moments

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


@deed("confirm_mass_send")
def confirm_mass_send(company: Company, *, msgid: str, userid: str = "", skip: list[str] | None = None) -> dict[str, Any]:
    """The colleague presses send; without `userid` everybody who has not yet."""
    sends = company.part(MassSends)
    found = next((one for one in sends.all() if one.msgid == msgid), None)
    waiting = [part.userid for part in found.parts.values() if not part.sent_at] if found is not None else []
    parts = [sends.confirm(msgid, one, skip=skip or ()) for one in ([userid] if userid or found is None else waiting)]
    results = [result.status for part in parts for result in part.to.values()]
    return {"sent": results.count(1), "no_contact": results.count(2), "had_another": results.count(3)}


@deed("mass_send_habit")
def mass_send_habit(
    company: Company, *, userid: str = "", confirms: float = 0.0, after: float = 30.0, when_reminded: float = 0.0
) -> dict[str, Any]:
    """What share of tasks they confirm by themselves, after how many seconds, and what share of the rest once reminded. Without
    `userid`: everybody of whom nothing else is said.
    """
    if not 0 <= confirms <= 1 or not 0 <= when_reminded <= 1 or after < 0:
        raise NoSense("confirms and when_reminded are between 0 and 1, after is not negative")
    name = finding.colleague(company, userid).userid if userid else ""
    company.part(MassSends).habits[name] = Habit(confirms, after, when_reminded)
    return {"userid": name}


@deed("publish_moment")
def publish_moment(company: Company, *, moment_id: str, userid: str) -> dict[str, Any]:
    task = company.part(Moments).publish(moment_id, userid)
    return {"published_at": task.published_at, "customers": len(task.customers)}


@deed("react_to_moment")
def react_to_moment(company: Company, *, moment_id: str, userid: str, by: str, comment: bool = False) -> dict[str, Any]:
    """`by` likes it, or comments on it, where `userid` published it."""
    company.part(Moments).react(moment_id, userid, by=by, comment=comment)
    return {}


@deed("tap_card")
def tap_card(
    company: Company, *, userid: str, key: str, task_id: str = "", msgid: str = "", chosen: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """A button of the newest fitting card; `chosen` are the ticks of a card that asks questions."""
    staff = finding.working(company, userid)
    inboxes = company.part(Inboxes)
    letter = inboxes.card(staff.userid, msgid=msgid, task_id=task_id)
    _check_button(letter, key)
    if staff.userid in letter.answers:
        raise NoSense(f"{userid} has tapped {letter.answers[staff.userid]!r} on that card already")
    letter.answers[staff.userid] = key
    code = inboxes.new_code(letter)
    event = card_answered(
        company.clock.now(),
        staff.userid,
        key=key,
        task_id=letter.task_id,
        card_type=letter.card_type,
        response_code=code,
        agentid=letter.agentid,
        chosen=chosen or {},
    )
    company.news.happened(event)
    return {"task_id": letter.task_id, "response_code": code}


def _check_button(letter: Letter, key: str) -> None:
    buttons = letter.body.get("button_list") or [letter.body.get("submit_button") or {}]
    keys = [str(button.get("key", "")) for button in buttons]
    if key not in keys:
        raise NoSense(f"that card has no button {key!r}; it has: {', '.join(keys)}")


@deed("use_app")
def use_app(
    company: Company, *, userid: str, event: str = "enter_agent", agentid: int | None = None, key: str = ""
) -> dict[str, Any]:
    """subscribe, unsubscribe, enter_agent, click or view."""
    if event not in IN_APP:
        raise NoSense(f"event is one of {', '.join(IN_APP)}, not {event!r}")
    staff = finding.working(company, userid)
    company.news.happened(in_app(company.clock.now(), staff.userid, event, agentid=_agent(company, agentid), key=key))
    return {}


@deed("show_location")
def show_location(
    company: Company, *, userid: str, latitude: float, longitude: float, agentid: int | None = None
) -> dict[str, Any]:
    staff = finding.working(company, userid)
    event = located(
        company.clock.now(),
        staff.userid,
        agentid=_agent(company, agentid),
        latitude=latitude,
        longitude=longitude,
        precision=30.0,
    )
    company.news.happened(event)
    return {}


@deed("write_to_app")
def write_to_app(
    company: Company,
    *,
    userid: str,
    kind: str = "text",
    text: str = "",
    fields: dict[str, Any] | None = None,
    agentid: int | None = None,
) -> dict[str, Any]:
    """A message to an app: `text`, or another kind with its fields under their own names."""
    staff = finding.working(company, userid)
    msgid = 7_000_000_000_000_000_000 + company.dice.randrange(10**17)
    body = {"Content": text} if kind == "text" and not fields else fields or {}
    try:
        message = message_to_app(company.clock.now(), staff.userid, kind, msgid=msgid, agentid=_agent(company, agentid), **body)
    except ValueError as wrong:
        raise NoSense(f"kind is {wrong}") from wrong
    company.news.happened(message)
    return {"msgid": msgid}


def _agent(company: Company, agentid: int | None) -> int:
    if agentid is not None:
        company.agent(agentid)
        return agentid
    return next(app.agentid for app in company.apps if app.agentid is not None)
