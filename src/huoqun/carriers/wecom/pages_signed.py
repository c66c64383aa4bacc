"""Signatures for pages that are shown inside WeCom."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.signatures import PageSignature
from huoqun.carriers.wecom.client.client import client_for
from huoqun.carriers.wecom.errors import WeComError
from huoqun.carriers.wecom.operations.tickets import NotAnApp, signature
from huoqun.carriers.wecom.queries import company_of
from huoqun.vocabulary.ids import Account

log = logging.getLogger(__name__)
PATIENCE = 6.0


def signed_for(account: Account, url: str, *, now: Callable[[], datetime]) -> PageSignature | None:
    """None where WeCom gives nothing to sign with: the page does without, and the check-up says why."""
    corp = company_of(account)
    if corp is None:
        return None
    client = client_for(corp, now=now)
    try:
        with client.within(PATIENCE):
            return signature(corp, url, client, now=now())
    except (NotAnApp, WeComError, Unreachable, CutOff) as trouble:
        log.warning("no signature for a page of %s: %s", account, trouble)
        return None
