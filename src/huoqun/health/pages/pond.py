"""What groups depend on that the house does not hold, in words (B16): all of them as a table, one group as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.community.carrier_names import carrier_name
from huoqun.community.models import Group
from huoqun.console.figures import count_words, percent_words
from huoqun.health.pages.words import together
from huoqun.health.pond import Ground, Held, Owner, Part, Pond, ground, owner_of, weigh

NOBODY = "nobody"
"""As the list of groups asks for groups without an operator."""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    risk: str
    part: Part
    query: str
    """Of the list of groups, narrowed to these."""


@dataclass(frozen=True, slots=True)
class Depends:
    sentence: str
    parts: list[tuple[str, list[Line]]]
    """By carrier, then by who holds them; each with its heading."""


def depends(held: Sequence[Held]) -> Depends | None:
    """None where there are no groups."""
    pond = weigh(held)
    if not pond.whole.groups:
        return None
    by_holder = (_("Whose account, and who looks after it"), _holders(pond))
    return Depends(_sentence(pond), [(_("On which carrier"), _carriers(pond)), by_holder])


def owner_words(owner: str) -> str:
    return _OWNERS[Owner(owner)]()


def risk(group: Group) -> str:
    """What this group depends on. The group comes with its owner's person."""
    told = (_ground_of(group), _owner_of(group), "" if group.operator_id else _("Nobody operates it."))
    said = ""
    for words in told:
        said = together(said, words) if said and words else said or words
    return said


def _sentence(pond: Pond) -> str:
    carrier, part = pond.carriers[0]
    groups = {"groups": count_words(pond.whole.groups)}
    first = _("%(share)s of the groups are on %(carrier)s.") % {
        "share": percent_words(part.of_groups), "carrier": carrier_name(carrier)
    }  # fmt: skip
    if not pond.loose.groups:
        return together(first, _("All of the %(groups)s groups belong to accounts of the house.") % groups)
    words = ngettext(
        "%(loose)s of %(groups)s group belongs to an account that is not of the house, or not known.",
        "%(loose)s of %(groups)s groups belong to an account that is not of the house, or not known.",
        pond.whole.groups,
    )
    return together(first, words % {**groups, "loose": count_words(pond.loose.groups)})


def _carriers(pond: Pond) -> list[Line]:
    return [
        Line(carrier_name(carrier), _GROUNDS[ground(carrier)](), part, urlencode({"carrier": carrier}))
        for carrier, part in pond.carriers
    ]


def _holders(pond: Pond) -> list[Line]:
    lines = [Line(owner_words(owner), _RISKS[owner](), part, urlencode({"owner": owner.value})) for owner, part in pond.owners]
    if pond.unoperated.groups:
        lines.append(Line(_("no operator"), _("Nobody notices when it goes quiet."), pond.unoperated, f"operator={NOBODY}"))
    return lines


def _ground_of(group: Group) -> str:
    told = {"carrier": group.carrier_name}
    on = ground(group.carrier)
    if on is Ground.RENTED:
        return _("On %(carrier)s, which is rented ground: the platform can close the group or an account.") % told
    return _("On %(carrier)s, which can run on a server of your own.") % told if on is Ground.CAN_BE_OWN else ""


def _owner_of(group: Group) -> str:
    owner = owner_of(group.owner.person.house if group.owner else None)
    name = str(group.owner.person) or str(group.owner) if group.owner else ""
    return _OWNED[owner]() % {"name": name}


_GROUNDS: Mapping[Ground, Callable[[], str]] = {
    Ground.RENTED: lambda: _("Rented ground: the platform can close groups and accounts."),
    Ground.CAN_BE_OWN: lambda: _("Can run on a server of your own."),
    Ground.UNKNOWN: lambda: "",
}
_OWNERS: Mapping[Owner, Callable[[], str]] = {
    Owner.HOUSE: lambda: _("owned by a house account"),
    Owner.COLLEAGUE: lambda: _("owned by a colleague's account"),
    Owner.OUTSIDER: lambda: _("owned by somebody outside the house"),
    Owner.UNKNOWN: lambda: _("owner not known"),
}
_RISKS: Mapping[Owner, Callable[[], str]] = {
    Owner.HOUSE: lambda: _("Stays when people go."),
    Owner.COLLEAGUE: lambda: _("Goes with the colleague unless it is handed over."),
    Owner.OUTSIDER: lambda: _("Their decision ends it."),
    Owner.UNKNOWN: lambda: _("Nobody knows whose decision ends it."),
}
_OWNED: Mapping[Owner, Callable[[], str]] = {
    Owner.HOUSE: lambda: _("It belongs to %(name)s, an account of the house."),
    Owner.COLLEAGUE: lambda: _("It belongs to %(name)s, a colleague's account: have it handed over before they leave."),
    Owner.OUTSIDER: lambda: _("It belongs to %(name)s, who is not of the house: their decision can end it."),
    Owner.UNKNOWN: lambda: _("Whose account owns it is not known."),
}
"""Functions, so that each is said in the language of whoever reads it."""


def owners() -> list[tuple[str, str]]:
    """What the list of groups can be narrowed to."""
    return [(owner.value, owner_words(owner)) for owner in reversed(Owner)]
