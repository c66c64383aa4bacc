"""Through which account groups are reached."""

from __future__ import annotations

from huoqun.community.models import Community
from huoqun.content.models import Way
from huoqun.vocabulary.ids import Account

BY_HAND = "hand"
"""Name of the account of groups no live account is in: nobody sends through it, so a person does."""


def ways_in(home: Community) -> dict[int, Account]:
    """{group key: account} of the groups of a community which a live account has been heard in."""
    rows = Way.objects.filter(community=home.slug).values_list("group_key", "carrier", "account")
    accounts: dict[tuple[str, str], Account] = {}
    return {
        key: accounts.setdefault((carrier, name), Account(home.slug, carrier, name)) for key, carrier, name in rows.iterator()
    }


def by_hand(home: Community, carrier: str) -> Account:
    return Account(home.slug, carrier, BY_HAND)
