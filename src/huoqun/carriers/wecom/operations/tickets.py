"""Tickets with which pages are signed: fetched once for all processes, as WeCom gives only so many an hour."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from huoqun.carriers.signatures import PageSignature, Signed
from huoqun.carriers.wecom.client.calls.sign_in import app_ticket, company_ticket
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.models import Corp, Ticket
from huoqun.carriers.wecom.rules import page_signature

SLACK = timedelta(minutes=5)
"""A page that is signed now is still being looked at in a while."""


class NotAnApp(Exception):
    """Pages are signed in the name of an app: this company has none here."""


def signature(corp: Corp, url: str, client: Client, *, now: datetime) -> PageSignature:
    """For one address. Raises NotAnApp, and what the client raises."""
    if corp.agentid is None:
        raise NotAnApp
    company, app = (_ticket(corp, kind, client, now=now) for kind in (Ticket.Kind.COMPANY, Ticket.Kind.APP))
    return PageSignature(corp.corpid, str(corp.agentid), _signed(company, url, now), _signed(app, url, now))


def _signed(ticket: str, url: str, now: datetime) -> Signed:
    nonce, timestamp = secrets.token_hex(8), int(now.timestamp())
    return Signed(timestamp, nonce, page_signature(ticket, nonce=nonce, timestamp=timestamp, url=url))


def _ticket(corp: Corp, kind: Ticket.Kind, client: Client, *, now: datetime) -> str:
    kept = Ticket.objects.filter(corp=corp, kind=kind, expires_at__gt=now + SLACK).first()
    if kept is not None:
        return kept.value
    fresh = company_ticket(client) if kind == Ticket.Kind.COMPANY else app_ticket(client)
    # Two who fetch at the same moment get the same ticket; were it another, both would be good.
    facts = {"value": fresh.ticket, "expires_at": now + timedelta(seconds=fresh.expires_in)}
    Ticket.objects.update_or_create(corp=corp, kind=kind, defaults=facts)
    return fresh.ticket
