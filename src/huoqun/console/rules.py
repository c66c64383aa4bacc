"""Decisions about accounts and their links."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

LINK_LIVES = timedelta(hours=24)
"""How long a one-time link can be used."""

LINK_BYTES = 32


class LinkIs(StrEnum):
    """What a one-time link is good for now."""

    GOOD = "good"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


def digest(token: str) -> str:
    """What is kept of a token. It is long and random, so a fast hash cannot be searched backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


def link_is(*, expires_at: datetime, used_at: datetime | None, active: bool, now: datetime) -> LinkIs:
    if not active:
        return LinkIs.UNKNOWN
    if used_at is not None:
        return LinkIs.USED
    return LinkIs.EXPIRED if now >= expires_at else LinkIs.GOOD


def may_step_down(key: int, admins: Collection[int]) -> bool:
    """Whether this account may stop administering: it does not, or somebody else does too. `admins` may sign in."""
    return key not in admins or len(admins) > 1
