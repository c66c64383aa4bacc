"""What tests and the page look at: counts, groups, members, people, events, calls."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import NoSense
from wecom_sandbox.groups import Group
from wecom_sandbox.news import Event, Word
from wecom_sandbox.people.registry import DEEDS
from wecom_sandbox.request import Request

from .registry import control


def _count(request: Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return int(value) if value.isdigit() else default


@control("GET", "/sandbox/state")
def state(company: Company, request: Request) -> Answer:
    return {
        "name": company.name,
        "now": company.clock.now(),
        "staff": len(company.directory.present()),
        "groups": len(company.groups),
        "memberships": sum(company.groups.size(group) for _, group in company.groups.walk()),
        "customers": company.population.customers + sum(1 for _ in company.customers.newcomers()),
        "join_ways": len(company.join_ways),
        "contact_ways": len(company.contact_ways),
        "waiting_deeds": len(company.agenda),
        "failed_deeds": [{"at": at, "reason": reason} for at, reason in company.agenda.failed],
        "tokens_issued": company.tokens.issued,
        "quota_refusals": company.quotas.refused,
        "deeds": sorted(DEEDS),
    }


@control("GET", "/sandbox/calls")
def calls(company: Company, request: Request) -> Answer:
    last = list(company.log.last)[-_count(request, "last", 100) :]
    return {
        "counts": dict(company.log.counts),
        "errors": {str(code): count for code, count in company.log.errors.items()},
        "last": last,
    }


@control("DELETE", "/sandbox/calls")
def forget_calls(company: Company, request: Request) -> Answer:
    company.log.forget()
    return None


@control("GET", "/sandbox/staff")
def staff(company: Company, request: Request) -> Answer:
    told = [asdict(one) | {"customers": company.customers.count_of_staff(one.userid)} for one in company.directory.ever()]
    return {"staff": told}


@control("GET", "/sandbox/groups")
def groups(company: Company, request: Request) -> Answer:
    start, most = _count(request, "start", 0), _count(request, "most", 100)
    return {"groups": [_brief(company, group) for _, group in islice(company.groups.walk(start), most)]}


def _brief(company: Company, group: Group) -> dict[str, Any]:
    return {
        "chat_id": group.chat_id,
        "name": group.name,
        "owner": group.owner,
        "status": group.status,
        "members": company.groups.size(group),
        "member_version": group.version,
    }


@control("GET", "/sandbox/groups/*")
def group(company: Company, request: Request) -> Answer:
    found = company.groups.find(request.rest)
    if found is None:
        raise NoSense(f"there is no group {request.rest!r}")
    members = [asdict(member) for member in company.groups.members(found)]
    return _brief(company, found) | {"notice": found.notice, "admins": found.admins, "member_list": members}


@control("GET", "/sandbox/contacts/*")
def contacts(company: Company, request: Request) -> Answer:
    """A colleague's first customers, or with ?start= the following ones."""
    start, most = _count(request, "start", 0), _count(request, "most", 100)
    walk = company.customers.of_staff(request.rest, start)
    return {"contacts": [asdict(follow) for _, follow in islice(walk, most)]}


@control("GET", "/sandbox/events")
def events(company: Company, request: Request) -> Answer:
    """What happened lately, whether or not it was delivered."""
    return {"events": [_event(event) for event in list(company.news.events)[-_count(request, "last", 100) :]]}


def _event(event: Event) -> dict[str, Any]:
    return {"event": event.name, "change": event.change, "at": event.at, "by": event.by, "fields": dict(event.fields)}


@control("GET", "/sandbox/words")
def words(company: Company, request: Request) -> Answer:
    chosen = [word for word in company.news.words if request.query.get("chat_id", word.chat_id) == word.chat_id]
    return {"words": [_word(word) for word in chosen[-_count(request, "last", 100) :]]}


def _word(word: Word) -> dict[str, Any]:
    return {"msgid": word.msgid, "at_ms": word.at_ms, "by": word.speaker, "chat_id": word.chat_id, "kind": word.kind} | {
        "body": dict(word.body)
    }


# What people do.


@control("POST", "/sandbox/play", locked=False)
def play(company: Company, request: Request) -> Answer:
    """{"acts": 50} at once, or {"acts": 50, "seconds": 600} spread over the coming time."""
    return company.people.do("play", **request.json)


@control("POST", "/sandbox/people/*", locked=False)
def people(company: Company, request: Request) -> Answer:
    """The deed named by the path, with the body as its arguments."""
    return company.people.do(request.rest, **request.json)
