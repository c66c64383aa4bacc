"""The one door to the carriers. Rooms above import from here and from nowhere else in this folder's subfolders."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from huoqun.vocabulary.heard import HeardIn
from huoqun.vocabulary.ids import Account, folded

from .base import Carrier, Hearing, Manifest, Roster
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
from .findings import Finding
from .hooks import Hook
from .pretend.carrier import Pretend
from .pretend.manifest import MANIFEST as PRETEND
from .pretend.world.faults import NEWS, Fault, Kind
from .pretend.world.places import Settlement
from .pretend.world.script import Script
from .pretend.world.world import Deed, World
from .signatures import PageSignature

if TYPE_CHECKING:
    from .wecom.archive.minding import Minder

__all__ = [
    "NEWS",
    "ConnectedCompany",
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
    "Script",
    "Setting",
    "Settlement",
    "TooLarge",
    "Translate",
    "UnsafeArchive",
    "World",
    "ZoneNeeded",
    "archive_minder",
    "carrier_for",
    "connect_wecom",
    "examine",
    "formats",
    "heard_in",
    "hearing_for",
    "hook_for",
    "manifests",
    "page_signature",
    "pretended",
    "read",
    "recognise",
    "roster_for",
    "titles_told",
    "told",
    "try_wecom_secret",
]


@dataclass(frozen=True, slots=True)
class ConnectedCompany:
    """What has to be entered at WeCom so that it calls us."""

    account: Account
    callback_url: str
    callback_token: str
    callback_key: str
    archive_key: str
    """The public half for its conversation archive, where it has one."""


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


WECOM = "wecom"


class NoCarrier(Exception):
    """No carrier can act for this account. What was asked of it waits for a person."""

    def __init__(self, account: Account) -> None:
        super().__init__(f"No carrier called {account.carrier} can act for {account}. Connect it, or do it by hand.")
        self.account = account


def _real_time() -> datetime:
    return datetime.now(UTC)


def manifests() -> dict[str, Manifest]:
    """What each carrier that can act is able to do, by its name. One line a carrier."""
    from .wecom.manifest import MANIFEST as WECOM_MANIFEST  # noqa: PLC0415 -- reads settings, which an audit of files has not

    return {manifest.name: manifest for manifest in (PRETEND, WECOM_MANIFEST)}


def carrier_for(account: Account) -> Carrier:
    """The carrier of an account, ready to act; for an account called `by_hand.NAME`, a person's hand. Raises NoCarrier where
    there is none, as for what came from a file.
    """
    if account.name == BY_HAND:
        return ByHand()
    if account.carrier == PRETEND.name:
        return pretended(account)
    if account.carrier == WECOM and (company := _wecom_for(account)) is not None:
        return company
    raise NoCarrier(account)


def _wecom_for(account: Account) -> Carrier | None:
    # Models of a carrier are not there for commands that do without the database.
    from .wecom.carrier import WeCom  # noqa: PLC0415
    from .wecom.queries import company_of  # noqa: PLC0415

    return WeCom(account) if company_of(account) is not None else None


def hearing_for(account: Account) -> Hearing:
    """What an account tells, ready to be asked. Raises NoCarrier where nobody can be."""
    if account.carrier == PRETEND.name and account.name != BY_HAND:
        return pretended(account)
    if account.carrier == WECOM and (hearing := _wecom_hearing(account)) is not None:
        return hearing
    raise NoCarrier(account)


def _wecom_hearing(account: Account) -> Hearing | None:
    from .wecom.archive.pull import Pull  # noqa: PLC0415
    from .wecom.queries import company_of  # noqa: PLC0415
    from .wecom.receive import Callbacks  # noqa: PLC0415

    corp = company_of(account)
    if corp is None:
        return None
    return Pull(account, now=_real_time) if account == corp.archive_account else Callbacks(account, now=_real_time)


def heard_in(account: Account, *, now: datetime) -> Iterator[HeardIn]:
    """In which groups of an account what is said reaches us, and why not; nothing where its carrier hears every group."""
    if account.carrier != WECOM:
        return
    from .wecom.archive.queries import heard  # noqa: PLC0415 -- has models
    from .wecom.queries import company_of  # noqa: PLC0415

    corp = company_of(account)
    if corp is not None and account == corp.account:
        yield from heard(corp, now=now)


def archive_minder(*, clock: Callable[[], datetime] = _real_time) -> Minder:
    """What keeps after the archives of conversations between two pulls."""
    from .wecom.archive.minding import Minder  # noqa: PLC0415 -- has models

    return Minder(clock=clock)


def hook_for(carrier: str, name: str) -> Hook | None:
    """The address of this name at which a carrier calls us; None where there is none."""
    if carrier != WECOM:
        return None
    from .wecom.hook import hook_called  # noqa: PLC0415 -- has models

    return hook_called(name)


SMALL = Settlement()


def roster_for(account: Account, *, now: Callable[[], datetime] = _real_time) -> Roster:
    """Who and what there is on an account, ready to be asked. Raises NoCarrier where the carrier does not list that."""
    from .wecom.sync.roster import roster_of  # noqa: PLC0415 -- has models: not there for commands without the database

    roster = roster_of(account, now=now)
    if roster is None:
        raise NoCarrier(account)
    return roster


def pretended(
    account: Account,
    *,
    plan: Settlement | Script = SMALL,
    now: Callable[[], datetime] = _real_time,
    sleep: Callable[[float], None] = time.sleep,
) -> Pretend:
    """The pretended carrier of an account, its world in a file of its own; one is made by the plan where there is none yet."""
    if account.carrier != PRETEND.name:
        raise NoCarrier(account)
    world = World(_world_file(account))
    world.settle(plan, at=round(now().timestamp() * 1000))
    return Pretend(world, account, now=now, sleep=sleep)


def _world_file(account: Account) -> Path:
    # Names of accounts are free text; a file's name is not, and no two accounts may share a world.
    plain = re.sub(r"[^\w-]", "", account.name)[:40]
    return Path(settings.DATA) / "pretend" / f"{account.community}-{plain}-{folded(str(account)):016x}.sqlite3"


def page_signature(account: Account, url: str, *, now: Callable[[], datetime] = _real_time) -> PageSignature | None:
    """What a page at this address needs to ask the carrier's app around it who is being talked to. None: not to be had now, or
    this carrier has no such app.
    """
    # Models of a carrier are not there for commands that do without the database.
    from .wecom.pages_signed import signed_for  # noqa: PLC0415

    return signed_for(account, url, now=now)


def examine(community: str, *, now: Callable[[], datetime] = _real_time) -> Iterator[tuple[Account, Iterator[Finding]]]:
    """Each live account of a community whose connection can be looked over, and what is found. Changes nothing."""
    from .wecom.doctor.examination import examine as examine_company  # noqa: PLC0415
    from .wecom.queries import companies  # noqa: PLC0415

    for corp in companies([community]):
        yield corp.account, examine_company(corp, now=now)


def connect_wecom(community: str, corpid: str, *, now: datetime, **said: Any) -> ConnectedCompany:
    """A company is connected and listened to; again, what is said anew replaces what was. `said` as in `Described`."""
    from .wecom.archive.operations import make_key  # noqa: PLC0415
    from .wecom.operations import companies  # noqa: PLC0415
    from .wecom.pages.connect import callback_url  # noqa: PLC0415

    corp = companies.connect(community, corpid, companies.Described(**said), now=now)
    companies.listen(corp, now=now)
    key = corp.archive_keys.first() or make_key(corp, by=None, now=now) if corp.archive_secret else None
    public = key.public if key else ""
    return ConnectedCompany(corp.account, callback_url(corp), corp.callback_token, corp.callback_key, public)


def try_wecom_secret(corpid: str, secret: str, api: str) -> str:
    """Why WeCom does not take the pair, in plain words; "" where it does. Nothing is kept."""
    from .wecom.doctor.secret import why_not  # noqa: PLC0415

    return why_not(corpid, secret, api)
