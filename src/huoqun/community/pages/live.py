"""Live accounts of a community: a banner where one has not been heard for a while, and all of them in its settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from huoqun.carriers.models import Connection
from huoqun.carriers.queries import connections, strange_records, unheard
from huoqun.community.carrier_names import carrier_name
from huoqun.community.pages import looking
from huoqun.console.figures import exact_words
from huoqun.console.models import Role
from huoqun.console.navigation import Banner
from huoqun.console.permissions import may

SHOWN = 3
SHOWN_STRANGE = 5


@dataclass(frozen=True, slots=True)
class Live:
    """One account as the settings show it."""

    title: str
    heard_at: datetime | None
    words: str
    bad: int
    strange: list[tuple[str, str]]
    """The latest records that could not be read: what is wrong, and the record."""


def accounts(community: str) -> list[Live]:
    return [_live(each) for each in connections([community])]


def _live(each: Connection) -> Live:
    words = _(each.trouble) if each.trouble else _("It is heard.") if each.heard_at else _("A worker is about to hear it.")
    strange = [(_(record.problem), record.raw) for record in strange_records(each)[:SHOWN_STRANGE]] if each.bad else []
    return Live(title(each), each.heard_at, words, each.bad, strange)


def title(each: Connection) -> str:
    return f"{carrier_name(each.carrier)} · {each.name}"


def banners(request: HttpRequest) -> Iterator[Banner]:
    """For those who can do something about it, of communities they may see."""
    if not may(request.user, Role.ADMIN, Role.LEAD):
        return
    deaf = list(unheard())
    names = {home.slug: home.name for home in looking.seen(request)} if deaf else {}
    for each in [each for each in deaf if each.community in names][:SHOWN]:
        url = reverse("community:settings", args=[each.community]) + "#live"
        yield Banner(sentence(each, names[each.community]), "red", url, _("Look at its live accounts"))


def sentence(deaf: Connection, community: str) -> str:
    words = _("%(community)s: nothing has been heard through %(account)s since %(when)s. %(trouble)s")
    when = exact_words(deaf.heard_at or deaf.made_at)
    return words % {"community": community, "account": title(deaf), "when": when, "trouble": _(deaf.trouble)}
