"""Companies: connected, their secrets changed, listened to, taken off again."""

from __future__ import annotations

import base64
import secrets
import string
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huoqun.carriers import operations as carriers
from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.archive.forgetting import forget_company
from huoqun.carriers.wecom.models import API, Corp, Door, Token

OWN_ECHO = b"huoqun-"
"""What the check-up asks ourselves begins so: that is no sign of life of the platform, which sends digits."""

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, kw_only=True, slots=True)
class Described:
    """What whoever connects a company says of it. A secret that is "" stays as it was."""

    name: str = ""
    api: str = ""
    agentid: int | None = None
    app_secret: str = ""
    contact_secret: str = ""
    archive_secret: str = ""
    callback_token: str = ""
    callback_key: str = ""


@transaction.atomic
def connect(community: str, corpid: str, said: Described, *, now: datetime) -> Corp:
    """The company is known to this community from now on; connecting it again brings what was said up to date.

    Nothing is heard yet: `listen` begins that. Token and key of the callback are made here unless they were brought along.
    """
    corp, new = Corp.objects.get_or_create(
        community=community, corpid=corpid, defaults={"made_at": now, "callback_token": new_token(), "callback_key": new_key()}
    )
    return describe(corp, said) if not new or said != Described() else corp


@transaction.atomic
def describe(corp: Corp, said: Described) -> Corp:
    """Tokens fetched with what has changed are thrown away."""
    corp = Corp.objects.select_for_update().get(pk=corp.pk)
    before = {door: corp.secret(door) for door in Door}, corp.api
    corp.name, corp.api = said.name or corp.name, said.api.rstrip("/") or corp.api or API
    corp.agentid = corp.agentid if said.agentid is None else said.agentid
    for name in ("app_secret", "contact_secret", "archive_secret", "callback_token", "callback_key"):
        setattr(corp, name, getattr(said, name) or getattr(corp, name))
    if said.callback_token or said.callback_key:
        corp.echoed_at = None
    corp.save()
    if before != ({door: corp.secret(door) for door in Door}, corp.api):
        Token.objects.filter(corp=corp).delete()
        corp.tickets.all().delete()
    return corp


def forget_contact_secret(corp: Corp) -> None:
    """From now on the app's secret opens customer contact."""
    Corp.objects.filter(pk=corp.pk).update(contact_secret="")
    Token.objects.filter(corp=corp, door=Door.CONTACT).delete()


def renew_callback(corp: Corp) -> Corp:
    """Another token and key: what the admin console has no longer fits until it is changed there too."""
    return describe(corp, Described(callback_token=new_token(), callback_key=new_key()))


def let_in(corp: Corp, yes: bool) -> None:
    """Whether colleagues may sign in with their account of this company."""
    Corp.objects.filter(pk=corp.pk).update(sign_in=yes)


def listen(corp: Corp, *, now: datetime) -> list[Connection]:
    """Callbacks are taken in from now on, and the archive is pulled where there is a secret for it. Again: no change."""
    accounts = [corp.account, *([corp.archive_account] if corp.archive_secret else [])]
    return [carriers.connect(account, now=now) for account in accounts]


@transaction.atomic
def leave(corp: Corp) -> None:
    """Nothing of this company is heard or asked any more, and its secrets are gone. What was heard stays."""
    for account in (corp.account, corp.archive_account):
        carriers.disconnect(account)
    forget_company(corp.pk)
    corp.delete()


def echoed(corp: Corp, *, now: datetime) -> None:
    """The platform has made sure that callbacks arrive."""
    Corp.objects.filter(pk=corp.pk).update(echoed_at=now)


def new_token() -> str:
    """As the admin console's own button makes one: letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(32))


def new_key() -> str:
    """An EncodingAESKey: 32 bytes in 43 characters, letters and digits only, as the admin console takes no others."""
    while True:
        key = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        if key.isalnum():
            return key


def issuer(corp: Corp) -> str:
    """Whose passports open the door of this company (`console.models.Passport`)."""
    return f"{corp.account.carrier}/{corp.corpid}"


__all__ = [
    "Described",
    "connect",
    "describe",
    "echoed",
    "forget_contact_secret",
    "issuer",
    "leave",
    "let_in",
    "listen",
    "new_key",
    "new_token",
    "renew_callback",
]
