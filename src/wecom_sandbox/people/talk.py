"""People speak: in groups, and with one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wecom_sandbox.errors import NoSense
from wecom_sandbox.news import Word

from . import finding
from .registry import deed

if TYPE_CHECKING:
    from wecom_sandbox.company import Company


@deed("speak")
def speak(
    company: Company,
    *,
    by: str,
    chat_id: str = "",
    to: str = "",
    text: str = "",
    kind: str = "text",
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Into a group (`chat_id`) or to one person (`to`). `kind` and `body` as in sheet 22.4; without them a text."""
    if bool(chat_id) is bool(to):
        raise NoSense("say where: either chat_id or to")
    content = body if body is not None else {"content": text}
    listeners = _in_group(company, chat_id, by) if chat_id else _alone(company, by, to)
    word = company.said(by, listeners, kind, content, chat_id=chat_id)
    return {"msgid": word.msgid}


def _in_group(company: Company, chat_id: str, by: str) -> tuple[str, ...]:
    found = finding.group(company, chat_id)
    finding.member_of(company, found, by)
    return tuple(person for person in company.groups.own_members(found) if person != by)


def _alone(company: Company, by: str, to: str) -> tuple[str, ...]:
    staff, other = (by, to) if company.directory.find(by) is not None else (to, by)
    finding.colleague(company, staff)
    if company.directory.find(other) is None:
        finding.customer(company, other)
        if company.customers.follow(staff, other) is None:
            raise NoSense(f"{other} and {staff} are no contacts")
        company.customers.own_follow(staff, other).chatted = True
    return (to,)


@deed("recall")
def recall(company: Company, *, msgid: str) -> dict[str, Any]:
    """Whoever said it takes it back."""
    said = next((word for word in reversed(company.news.words) if word.msgid == msgid), None)
    if said is None:
        raise NoSense(f"nobody said {msgid!r} lately")
    word: Word = company.said(said.speaker, said.to, "revoke", {"pre_msgid": msgid}, chat_id=said.chat_id, recalls=msgid)
    return {"msgid": word.msgid}
