"""The page for visitors: the company, its groups, what was sent; one can speak as a customer."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from wecom_sandbox.answer import Answer, page, redirect
from wecom_sandbox.company import Company
from wecom_sandbox.news import Word
from wecom_sandbox.request import Request

from .registry import control

SHOWN = 60


@cache
def _html() -> str:
    return Path(__file__).with_name("visiting.html").read_text(encoding="utf-8")


@control("GET", "/")
@control("GET", "/sandbox")
def root(company: Company, request: Request) -> Answer:
    return redirect("/sandbox/")


@control("GET", "/sandbox/")
def visit(company: Company, request: Request) -> Answer:
    return page(_html())


@control("GET", "/sandbox/view")
def view(company: Company, request: Request) -> Answer:
    """What the page shows, in one go: `?chat_id=` chooses the group."""
    groups = [group for _, group in islice(company.groups.walk(), SHOWN)]
    chosen = company.groups.find(request.query.get("chat_id", "")) or (groups[0] if groups else None)
    chat_id = chosen.chat_id if chosen else ""
    words = [word for word in company.news.words if word.chat_id == chat_id or (not word.chat_id and not chat_id)]
    private = [word for word in company.news.words if not word.chat_id]
    return {
        "name": company.name,
        "now": company.clock.now(),
        "groups": [
            {"chat_id": group.chat_id, "name": group.name or "(未命名)", "members": company.groups.size(group)}
            for group in groups
        ],
        "more_groups": max(0, len(company.groups) - len(groups)),
        "chosen": chat_id,
        "members": _members(company, chat_id),
        "words": [_word(company, word) for word in words[-SHOWN:]],
        "private": [_word(company, word) for word in private[-SHOWN:]],
        "staff": [{"userid": one.userid, "name": one.name} for one in islice(company.directory.present(), SHOWN)],
        "join_ways": [
            {"config_id": way.config_id, "remark": way.remark, "state": way.state} for _, way in _last(company.join_ways)
        ],
        "contact_ways": [
            {"config_id": way.config_id, "remark": way.remark, "state": way.state} for _, way in _last(company.contact_ways)
        ],
        "events": [
            {"at": event.at, "event": event.name, "change": event.change, "detail": str(event.fields.get("UpdateDetail", ""))}
            for event in list(company.news.events)[:-31:-1]
        ],
    }


def _last(ways: Any) -> list[Any]:
    return list(ways.walk())[-SHOWN:]


def _members(company: Company, chat_id: str) -> list[dict[str, Any]]:
    group = company.groups.find(chat_id)
    members = islice(company.groups.members(group), 500) if group is not None else ()
    return [{"id": member.id, "name": member.name or "(无名)", "type": member.type} for member in members]


def _word(company: Company, word: Word) -> dict[str, Any]:
    content = word.body.get("content") or word.body.get("title") or f"[{word.kind}]"
    return {"at_ms": word.at_ms, "by": word.speaker, "name": _name(company, word.speaker), "text": content} | {
        "to": [] if word.chat_id else [_name(company, one) for one in word.to],
        "staff": company.directory.find(word.speaker) is not None,
    }


def _name(company: Company, person: str) -> str:
    staff = company.directory.find(person)
    if staff is not None:
        return staff.name
    outside = company.customers.find(person)
    return (outside.name if outside is not None else "") or "(无名)"
