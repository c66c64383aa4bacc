"""Signs beside the talk itself: red packets, events, check-ins, advertising, fakes; and what a group is worth beyond talk.

Only what is known and applies is said; each sentence stands on figures of the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.figures import count_words, percent_words
from huoqun.health.pages.words import together

Figures = Mapping[str, Any]
NOTICEABLE = 0.05
"""Below this part of what is usual, talk is not worth a number."""


def symptoms(figures: Figures) -> list[str]:
    return _told(figures, (_packets, _events, _checkins, _ads, _leavers, _fakes, _faces, _key_people))


def value(figures: Figures) -> list[str]:
    return _told(figures, (_plan, _orders, _buyers))


def _told(figures: Figures, tellers: tuple[Callable[[Figures], str], ...]) -> list[str]:
    return [words for teller in tellers if (words := teller(figures))]


def _packets(figures: Figures) -> str:
    packets, life = figures.get("packets_90d"), figures.get("packet_life")
    if not packets:
        return ""
    said = ngettext("%(n)s red packet in 90 days.", "%(n)s red packets in 90 days.", packets) % {"n": count_words(packets)}
    if life is None:
        return said
    if life < NOTICEABLE:
        return together(said, _("In the three hours after one, hardly a member writes anything."))
    words = _("In the three hours after one, members write %(times)s times what is usual at that hour.")
    return together(said, words % {"times": f"{life:.1f}"})


def _events(figures: Figures) -> str:
    series, times, trend = (figures.get(name) for name in ("event_series", "event_occurrences", "event_trend"))
    if not series:
        return ""
    words = ngettext("%(n)s recurring event, held %(times)s times.", "%(n)s recurring events, held %(times)s times.", series)
    said = words % {"n": count_words(series), "times": count_words(times)}
    if trend is None:
        return said
    words = _("The last ones drew %(part)s of the people of the first ones.")
    return together(said, words % {"part": percent_words(trend)})


def _checkins(figures: Figures) -> str:
    checkins, people, top = (figures.get(name) for name in ("checkins_90d", "checkin_people", "checkin_top3_share"))
    if not checkins:
        return ""
    words = ngettext(
        "%(n)s check-in in 90 days by %(people)s people.", "%(n)s check-ins in 90 days by %(people)s people.", checkins
    )
    said = words % {"n": count_words(checkins), "people": count_words(people)}
    if top is None:
        return said
    return together(said, _("The three most diligent made %(top)s of them.") % {"top": percent_words(top)})


def _ads(figures: Figures) -> str:
    share, ads = figures.get("ads_share"), figures.get("ads_90d")
    if not ads or share is None:
        return ""
    words = _("%(ads)s advertisements are %(share)s of all messages: %(house)s by the house, %(members)s by members.")
    return words % {
        "ads": count_words(ads),
        "share": percent_words(share),
        "house": count_words(figures.get("ads_by_house")),
        "members": count_words(figures.get("ads_by_members")),
    }


def _leavers(figures: Figures) -> str:
    ratio = figures.get("leavers_after_broadcast")
    if ratio is None:
        return ""
    words = _("In the day after a broadcast or advertisement of the house, people leave at %(times)s times the usual rate.")
    return words % {"times": f"{ratio:.1f}"}


def _fakes(figures: Figures) -> str:
    share, people = figures.get("fakes_share"), figures.get("fakes_people")
    if not people or share is None:
        return ""
    words = ngettext(
        "%(n)s member (%(share)s) looks bought or automated.", "%(n)s members (%(share)s) look bought or automated.", people
    )
    return words % {"n": count_words(people), "share": percent_words(share)}


def _faces(figures: Figures) -> str:
    new, kept = figures.get("new_faces_share"), figures.get("core_kept")
    if new is None:
        return ""
    said = _("%(new)s of those who spoke lately are new faces.") % {"new": percent_words(new)}
    if kept is None:
        return said
    return together(said, _("Of the five who said most before, %(kept)s still speak.") % {"kept": percent_words(kept)})


def _key_people(figures: Figures) -> str:
    left, share = figures.get("key_left"), figures.get("key_left_share")
    if not left:
        return ""
    words = ngettext(
        "%(n)s of the five who said most has gone or fallen silent.",
        "%(n)s of the five who said most have gone or fallen silent.",
        left,
    )
    said = words % {"n": count_words(left)}
    if share is None:
        return said
    return together(said, _("They used to make %(share)s of the talk.") % {"share": percent_words(share)})


_PLANS: Mapping[str, Callable[[], str]] = {
    "kept": lambda: _("It lived until its planned end, as meant."),
    "early": lambda: _("It fell silent before its planned end."),
    "overrun": lambda: _("It is past its planned end and people still talk."),
    "running": lambda: _("Its planned end is still to come."),
}


def _plan(figures: Figures) -> str:
    result = str(figures.get("plan_result") or "")
    return _PLANS[result]() if result in _PLANS else ""


def _orders(figures: Figures) -> str:
    orders = figures.get("orders_90d")
    if not orders:
        return ""
    words = ngettext("%(n)s order in 90 days by %(buyers)s buyers.", "%(n)s orders in 90 days by %(buyers)s buyers.", orders)
    return words % {"n": count_words(orders), "buyers": count_words(figures.get("buyers_90d"))}


def _buyers(figures: Figures) -> str:
    silent, share = figures.get("silent_buyers_90d"), figures.get("buyers_silent_share")
    if silent is None or not figures.get("buyers_90d"):
        return ""
    words = ngettext(
        "%(n)s of the buyers (%(share)s) never says a word here: silence is not worthlessness.",
        "%(n)s of the buyers (%(share)s) never say a word here: silence is not worthlessness.",
        silent,
    )
    return words % {"n": count_words(silent), "share": percent_words(share)}
