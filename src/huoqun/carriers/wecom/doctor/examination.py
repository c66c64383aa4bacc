"""All checks, in the order in which one needs the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import httpx
from django.conf import settings

from huoqun.carriers.findings import Finding
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.client.quiet import hush_the_loggers
from huoqun.carriers.wecom.doctor import (
    archive,
    callback,
    customers,
    groups,
    listening,
    pages,
    public_url,
    reach,
    scope,
    secret,
    trusted_ip,
    welcome,
)
from huoqun.carriers.wecom.doctor.patient import Patient
from huoqun.carriers.wecom.models import Corp

CHECKS = (
    reach,
    secret,
    trusted_ip,
    scope,
    customers,
    groups,
    public_url,
    callback,
    listening,
    welcome,
    archive,
    pages,
)
NEEDED = {reach.NAME, secret.NAME, trusted_ip.NAME, scope.NAME}
"""Whatever is asked about, these come first: the others rest on them."""

PATIENCE = 8.0
"""Seconds for one check: somebody is looking at the page meanwhile."""


def _real_time() -> datetime:
    return datetime.now(UTC)


def examine(
    corp: Corp, *, only: Collection[str] = (), address: str = "", now: Callable[[], datetime] = _real_time
) -> Iterator[Finding]:
    """One finding after another, in the language of whoever asks. Changes nothing, here or there."""
    hush_the_loggers()
    with httpx.Client(timeout=PATIENCE, trust_env=False, mounts=_proxies()) as web:
        patient = Patient(corp, client_for(corp, now=now), web, address or settings.PUBLIC_URL, now)
        for each in CHECKS:
            if only and each.NAME not in {*only, *NEEDED}:
                continue
            with patient.client.within(PATIENCE):
                found = each.check(patient)
            if not only or each.NAME in only:
                yield _quiet(patient, found)


def _proxies() -> dict[str, httpx.HTTPTransport | None]:
    """Out through the proxy, where there is one; this machine itself is reached without."""
    proxy = getattr(settings, "WECOM_PROXY", "")
    if not proxy:
        return {}
    return {"all://": httpx.HTTPTransport(proxy=proxy), "all://localhost": None, "all://127.0.0.1": None}


def _quiet(patient: Patient, found: Finding) -> Finding:
    return replace(
        found, tried=patient.quiet(found.tried), answer=patient.quiet(found.answer), remedy=patient.quiet(found.remedy)
    )
