"""What every check is given: the company, ways to ask, and what earlier checks have found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import httpx
from django.utils.translation import gettext as _

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.findings import Finding, Verdict
from huoqun.carriers.wecom.client.client import Client
from huoqun.carriers.wecom.client.quiet import hushed
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.models import Corp
from huoqun.carriers.wecom.rules import VENDOR

Trouble = WeComError | Unreachable | CutOff
TROUBLES = (WeComError, Unreachable, CutOff)


@dataclass
class Patient:
    corp: Corp
    client: Client
    web: httpx.Client
    """For the few things that are no calls of WeCom: its clock, and our own public address."""
    public_url: str
    now: Callable[[], datetime]
    barred: str = ""
    """Why nothing more can be asked of WeCom: later checks say so instead of failing all alike."""
    seen: set[str] = field(default_factory=set)
    """userids in the app's visible range."""

    @property
    def is_real(self) -> bool:
        """At the vendor's own address, not a private installation or a sandbox."""
        return self.corp.api.rstrip("/") == VENDOR

    def quiet(self, text: str) -> str:
        """Without anything that opens a door."""
        corp = self.corp
        kept = (corp.app_secret, corp.contact_secret, corp.archive_secret, corp.callback_token, corp.callback_key, corp.hook)
        return hushed(text, kept)


class Check(Protocol):
    def __call__(self, patient: Patient, /) -> Finding: ...


def words_of(trouble: Trouble) -> str:
    """What came back, for whoever sets this up: their number and words beside ours."""
    if isinstance(trouble, WeComError):
        told = trouble.told.split(", hint:")[0]
        return f"{_(trouble.sentence)} ({trouble.code}{': ' + told if told else ''})"
    if isinstance(trouble, Unreachable):
        return _("No connection to WeCom could be made.")
    return _("The line to WeCom broke, or it took too long to answer.")


def unreached(patient: Patient) -> str:
    """What to do where no answer comes at all."""
    host = httpx.URL(patient.corp.api).host
    return _(
        "Let this machine open connections to %(host)s, port 443: look at its firewall, its DNS and, if it goes out through a "
        "proxy, at HUOQUN_WECOM_PROXY. Then examine again."
    ) % {"host": host}


def add_this_address(ip: str) -> str:
    """The remedy for a caller whose address is not on the list."""
    if not ip:
        return _(
            "Admin console → App Management → this app → Developer interface → Trusted company IP: add this machine's public "
            "address."
        )
    return _(
        "Admin console → App Management → this app → Developer interface → Trusted company IP: add %(ip)s. "
        "If the field is locked, fill in a trusted domain or the callback of the app first. It works a few minutes later."
    ) % {"ip": ip}


def untried(patient: Patient, check: str, title: str) -> Finding:
    return Finding(check=check, title=title, verdict=Verdict.UNTRIED, tried=_("Nothing yet."), answer=patient.barred)


def together(first: str, second: str) -> str:
    """Two sentences one after the other: with a space between them in English, without in Chinese."""
    return (_("%(first)s %(second)s") % {"first": first, "second": second}) if first and second else first or second
