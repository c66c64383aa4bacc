"""What came of what apps did: mass sends, moments, welcomes, messages in staff's inboxes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.inboxes import Inboxes, Letter
from wecom_sandbox.mass_sends import MassSend, MassSends
from wecom_sandbox.moments import Moments
from wecom_sandbox.request import Request
from wecom_sandbox.welcomes import Welcomes

from .registry import control


@control("GET", "/sandbox/mass_sends")
def mass_sends(company: Company, request: Request) -> Answer:
    return {"mass_sends": [_mass_send(one) for one in company.part(MassSends).all()]}


def _mass_send(one: MassSend) -> dict[str, Any]:
    parts = [
        {
            "userid": part.userid,
            "status": part.status,
            "sent_at": part.sent_at,
            "receivers": len(part.to),
            "results": {str(status): count for status, count in Counter(result.status for result in part.to.values()).items()},
        }
        for part in one.parts.values()
    ]
    return {
        "msgid": one.msgid,
        "chat_type": one.chat_type,
        "text": one.text,
        "attachments": one.attachments,
        "created_at": one.created_at,
        "cancelled": one.cancelled,
        "reminded_at": one.reminded_at,
        "parts": parts,
    }


@control("GET", "/sandbox/moments")
def moments(company: Company, request: Request) -> Answer:
    told = [
        {"moment_id": one.moment_id, "text": one.text, "cancelled": one.cancelled}
        | {"tasks": [{"userid": task.userid, "published_at": task.published_at} for task in one.tasks.values()]}
        for one in company.part(Moments).ready()
    ]
    return {"moments": told}


@control("GET", "/sandbox/welcomes")
def welcomes(company: Company, request: Request) -> Answer:
    """Who was welcomed how many seconds after the code was given; and how many codes were given."""
    codes = company.codes.all()
    sent = company.part(Welcomes).sent
    told = [
        {"userid": one.userid, "external_userid": one.external_userid, "text": one.text, "seconds": round(one.seconds, 3)}
        for one in sent
    ]
    return {"codes": len(codes), "used": sum(1 for one in codes if one.used), "welcomes": told}


@control("GET", "/sandbox/inboxes/*")
def inbox(company: Company, request: Request) -> Answer:
    """What a colleague sees of the apps."""
    return {"messages": [_letter(one, request.rest) for one in company.part(Inboxes).inbox(request.rest)]}


def _letter(one: Letter, userid: str) -> dict[str, Any]:
    return {
        "msgid": one.msgid,
        "agentid": one.agentid,
        "msgtype": one.kind,
        "body": one.body,
        "at": one.at,
        "answer": one.answers.get(userid, ""),
        "shown": one.shown.get(userid),
    }
