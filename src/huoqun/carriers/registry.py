"""The one door to the carriers. Rooms above import from here and from nowhere else in this folder's subfolders."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from huoqun.vocabulary.ids import Account, folded

from .base import Carrier, Hearing, Manifest
from .by_hand import NAME as BY_HAND
from .by_hand import ByHand
from .exports.errors import (
    ExportError,
    FileUnreadable,
    NothingToRead,
    NotRecognised,
    TooLarge,
    Translate,
    UnsafeArchive,
    ZoneNeeded,
    told,
)
from .exports.format import Setting
from .exports.formats import FORMATS
from .exports.limits import Limits
from .exports.reading import Progress, Reading, Recognised, read, recognise
from .pretend.carrier import Pretend
from .pretend.manifest import MANIFEST as PRETEND
from .pretend.world.faults import Fault, Kind
from .pretend.world.places import Settlement
from .pretend.world.world import Deed, World

__all__ = [
    "Deed",
    "ExportError",
    "Fault",
    "FileUnreadable",
    "FormatTitle",
    "Kind",
    "Limits",
    "NoCarrier",
    "NotRecognised",
    "NothingToRead",
    "Pretend",
    "Progress",
    "Reading",
    "Recognised",
    "Setting",
    "Settlement",
    "TooLarge",
    "Translate",
    "UnsafeArchive",
    "World",
    "ZoneNeeded",
    "carrier_for",
    "formats",
    "hearing_for",
    "manifests",
    "pretended",
    "read",
    "recognise",
    "titles_told",
    "told",
]


@dataclass(frozen=True, slots=True)
class FormatTitle:
    """A format as a page names it."""

    name: str
    title: str
    carrier: str
    needs_zone: bool


def formats() -> list[FormatTitle]:
    """Every format that can be read, in the order they are tried."""
    return [FormatTitle(form.NAME, form.TITLE, form.CARRIER, form.NEEDS_ZONE) for form in FORMATS]


def titles_told(titles: str, translate: Translate) -> str:
    """Titles joined in English, in another language. They have commas of their own, so they are not cut apart at those."""
    for form in FORMATS:
        titles = titles.replace(form.TITLE, translate(form.TITLE))
    return titles


class NoCarrier(Exception):
    """No carrier can act for this account. What was asked of it waits for a person."""

    def __init__(self, account: Account) -> None:
        super().__init__(f"No carrier called {account.carrier} can act for {account}. Connect it, or do it by hand.")
        self.account = account


def _real_time() -> datetime:
    return datetime.now(UTC)


def manifests() -> dict[str, Manifest]:
    """What each carrier that can act is able to do, by its name. One line a carrier."""
    return {manifest.name: manifest for manifest in (PRETEND,)}


def carrier_for(account: Account) -> Carrier:
    """The carrier of an account, ready to act; for an account called `by_hand.NAME`, a person's hand. Raises NoCarrier where
    there is none, as for what came from a file.
    """
    if account.name == BY_HAND:
        return ByHand()
    if account.carrier == PRETEND.name:
        return pretended(account)
    raise NoCarrier(account)


def hearing_for(account: Account) -> Hearing:
    """What an account tells, ready to be asked. Raises NoCarrier where nobody can be."""
    if account.carrier == PRETEND.name and account.name != BY_HAND:
        return pretended(account)
    raise NoCarrier(account)


def pretended(
    account: Account, *, now: Callable[[], datetime] = _real_time, sleep: Callable[[float], None] = time.sleep
) -> Pretend:
    """The pretended carrier of an account, its world in a file of its own; a small world is made where there is none yet."""
    if account.carrier != PRETEND.name:
        raise NoCarrier(account)
    world = World(_world_file(account))
    world.settle(Settlement(), at=round(now().timestamp() * 1000))
    return Pretend(world, account, now=now, sleep=sleep)


def _world_file(account: Account) -> Path:
    # Names of accounts are free text; a file's name is not, and no two accounts may share a world.
    plain = re.sub(r"[^\w-]", "", account.name)[:40]
    return Path(settings.DATA) / "pretend" / f"{account.community}-{plain}-{folded(str(account)):016x}.sqlite3"
