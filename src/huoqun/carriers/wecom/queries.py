"""Reads of this carrier. The caller says which communities may be seen: here only short names are known."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime

from django.db.models import Max, QuerySet

from huoqun.carriers.wecom.models import NAME, Corp, Deed, Delivery, Media
from huoqun.vocabulary.ids import Account

ADDED = "change_external_contact/add_external_contact"
"""As a callback calls itself that tells of a new customer."""
WITH_CODE = re.compile(r'WelcomeCode(?:>|"\s*:)\s*(?:<!\[CDATA\[|")?[^\]"<\s]')
LOOKED_THROUGH = 2000


def companies(communities: Collection[str]) -> QuerySet[Corp]:
    return Corp.objects.filter(community__in=communities).order_by("community", "pk")


def every_company() -> QuerySet[Corp]:
    """Of all communities, for what no visitor asks."""
    return Corp.objects.order_by("community", "pk")


def company_of(account: Account) -> Corp | None:
    """Whose account this is, be it the company's own or its archive's."""
    if account.carrier != NAME:
        return None
    corpid = account.name.removesuffix("/archive")
    return Corp.objects.filter(community=account.community, corpid=corpid).first()


def letting_in() -> QuerySet[Corp]:
    """Whose colleagues may sign in with their WeCom account. One a company, whichever communities it serves."""
    able = Corp.objects.filter(sign_in=True).exclude(agentid=None)
    firsts = {corp.corpid: corp.pk for corp in able.order_by("-pk").only("pk", "corpid")}
    return able.filter(pk__in=firsts.values()).order_by("pk")


def deeds_of(corp: Corp, keys: Collection[str]) -> dict[str, list[Deed]]:
    """By their keys, in the order in which they were begun."""
    found: dict[str, list[Deed]] = {}
    for deed in Deed.objects.filter(corp=corp, key__in=keys).order_by("pk"):
        found.setdefault(deed.key, []).append(deed)
    return found


def unfinished_calls_like(deed: Deed, *, start: datetime, end: datetime) -> set[str]:
    """Calls that said the same from the same colleague in that time, of which nobody knows whether they were done."""
    alike = Deed.objects.filter(corp=deed.corp_id, digest=deed.digest, sender=deed.sender, kind=deed.kind, done_at=None)
    return set(alike.filter(begun_at__gte=start, begun_at__lt=end).values_list("call", flat=True))


def messages_known(corpid: str, message_ids: Collection[str]) -> set[str]:
    """Those of which some community connected to the company knows that it made them."""
    known = Deed.objects.filter(corp__corpid=corpid, message_id__in=message_ids)
    return set(known.values_list("message_id", flat=True))


def picture_there(corp: Corp, upload_id: str, use: Media.Use) -> Media | None:
    return Media.objects.filter(corp=corp, upload_id=upload_id, use=use).first()


def last_delivery_at(corp: Corp) -> datetime | None:
    """When the platform last told anything."""
    last: datetime | None = Delivery.objects.filter(corp=corp).aggregate(last=Max("received_at"))["last"]
    return last


def newcomers_without_code(corp: Corp, *, since: datetime) -> tuple[int, int]:
    """How many customers were added since then, and how many of them came without a code to welcome them; of the latest."""
    added = Delivery.objects.filter(corp=corp, kind__startswith=ADDED, received_at__gte=since).order_by("-pk")
    bodies = list(added.values_list("body", flat=True)[:LOOKED_THROUGH])
    return len(bodies), sum(not WITH_CODE.search(body) for body in bodies)
