"""Callback addresses: saved after an echo check; how events are spelled, in which order they go, what became of them."""

from __future__ import annotations

from itertools import islice
from typing import Any

from wecom_sandbox.answer import Answer
from wecom_sandbox.company import Company
from wecom_sandbox.errors import NoSense
from wecom_sandbox.events.addresses import receiver_at
from wecom_sandbox.events.mail import Letter, Mail
from wecom_sandbox.events.receiver import check_echo
from wecom_sandbox.events.style import Style
from wecom_sandbox.request import Request

from .registry import control


@control("POST", "/sandbox/callback", locked=False)
def save(company: Company, request: Request) -> Answer:
    """{"url", "check": true, "agentid", "token", "encoding_aes_key", "lists", "shape", "agent_id"}: checked with an echo, as
    the console does, and kept only if that went well.
    """
    wish = request.json
    receiver = receiver_at(
        company,
        _text(wish, "url"),
        style=_style(wish),
        agentid=wish.get("agentid"),
        token=_text(wish, "token"),
        encoding_aes_key=_text(wish, "encoding_aes_key"),
    )
    problem = "" if wish.get("check") is False else check_echo(receiver, now=company.clock.exact)
    if not problem:
        company.part(Mail).listen(receiver)
        company.callback_url = receiver.url
    return {"saved": not problem, "problem": problem}


def _text(wish: dict[str, Any], name: str) -> str:
    value = wish.get(name, "")
    if not isinstance(value, str):
        raise NoSense(f"{name} is a text, not {value!r}")
    return value


def _style(wish: dict[str, Any]) -> Style:
    try:
        return Style(**{name: wish[name] for name in ("lists", "shape", "agent_id") if name in wish})
    except ValueError as wrong:
        raise NoSense(str(wrong)) from wrong


@control("DELETE", "/sandbox/callback")
def forget(company: Company, request: Request) -> Answer:
    """Without ?url= nobody is told any more."""
    company.part(Mail).forget(request.query.get("url"))
    company.callback_url = ""
    return None


@control("POST", "/sandbox/events/emit")
def emit(company: Company, request: Request) -> Answer:
    """{"name", "change", "fields", "by", "agentid"}: any event, also one the sandbox does not know."""
    wish = request.json
    name, fields = _text(wish, "name"), wish.get("fields") or {}
    if not name or not isinstance(fields, dict):
        raise NoSense('an event has a "name" and "fields" (an object)')
    company.happened(name, _text(wish, "change"), fields, by=_text(wish, "by") or "sys", agentid=wish.get("agentid"))
    return None


@control("POST", "/sandbox/events/order")
def order(company: Company, request: Request) -> Answer:
    """{"order": "free" | "one_by_one" | "shuffled", "spread": seconds}"""
    company.part(Mail).order.change(_text(request.json, "order"), request.json.get("spread"))
    return None


@control("POST", "/sandbox/events/hold")
def hold(company: Company, request: Request) -> Answer:
    """Nothing sets out until /sandbox/events/release."""
    company.part(Mail).hold()
    return None


@control("POST", "/sandbox/events/release")
def release(company: Company, request: Request) -> Answer:
    company.part(Mail).release()
    return None


@control("POST", "/sandbox/events/settle", locked=False)
def settle(company: Company, request: Request) -> Answer:
    """Answers when everything has been delivered or given up, after {"timeout": 10} seconds at the latest."""
    return {"settled": company.part(Mail).settle(float(request.json.get("timeout", 10)))}


@control("GET", "/sandbox/deliveries", locked=False)
def deliveries(company: Company, request: Request) -> Answer:
    mail = company.part(Mail)
    most = request.query.get("last", "100")
    with company.lock:
        last = list(islice(reversed(mail.letters), int(most) if most.isdigit() else 100))[::-1]
    return {
        "receivers": [{"url": one.url, "agentid": one.agent_id} for one in mail.receivers],
        "waiting": mail.waiting(),
        "counts": dict(mail.counts),
        "last": [_told(letter) for letter in last],
    }


def _told(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "event": letter.event.name,
        "change": letter.event.change,
        "at": letter.event.at,
        "url": letter.receiver.url,
        "copy": letter.copy,
        "state": letter.state,
        "attempts": [
            {"status": answer.status, "trouble": answer.trouble, "ms": round(answer.seconds * 1000, 1)}
            for answer in letter.attempts
        ],
    }
