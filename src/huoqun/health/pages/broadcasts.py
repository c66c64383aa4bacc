"""What followed a broadcast: said by day and group, beside the weeks before. It came after; what it came of is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET

from huoqun.community.models import Group
from huoqun.console.figures import count_words
from huoqun.console.permissions import needs
from huoqun.content.models import Broadcast
from huoqun.content.queries.broadcasts import broadcasts
from huoqun.health.aftermath import Aftermath, aftermath
from huoqun.health.followed import WEEKS, Followed, Side, Whole, whole

PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    group: Group
    day: date
    said: str
    usually: str
    times: str
    left: str
    usually_left: str


@needs()
@require_GET
def followed(request: HttpRequest, pk: int) -> HttpResponse:
    broadcast = broadcasts(request.user).filter(pk=pk).first()
    if broadcast is None or broadcast.is_draft:
        raise Http404
    found = aftermath(request.user, broadcast)
    seen = whole(found.groups)
    context = {
        "broadcast": broadcast,
        "as_of": found.upto,
        "sentence": sentence(seen, found.upto),
        "notes": list(notes(broadcast, seen, found)),
        "rows": Paginator(_rows(found), PAGE).get_page(request.GET.get("page")),
        "weeks": WEEKS,
    }
    return render(request, "health/followed.html", context)


def sentence(seen: Whole, upto: date | None) -> str:
    """ "On the day it arrived and the day after, members said 34 messages in 31 groups, ...; 3 people left, usually 2." """
    if not seen.arrived:
        return (
            _("It has arrived in no group so far.")
            if upto
            else _("There is no audit yet, so nobody has counted what followed.")
        )
    if not seen.said.groups:
        return _("What followed is not known yet: the day after has to be over and audited.") if seen.waiting else _unknown()
    words = pgettext("between parts of a sentence", ", ").join([_said(seen.said), *_compared(seen.said)])
    left = _left(seen.left)
    return _("%(said)s; %(left)s.") % {"said": words, "left": left} if left else _("%(sentence)s.") % {"sentence": words}


def _unknown() -> str:
    return _("What followed is not known: no talk was seen in these groups, or its days are not kept any more.")


def _said(said: Side) -> str:
    figures = {"said": count_words(said.total), "groups": count_words(said.groups)}
    return (
        ngettext(
            "On the day it arrived and the day after, members said %(said)s messages in %(groups)s group",
            "On the day it arrived and the day after, members said %(said)s messages in %(groups)s groups",
            said.groups,
        )
        % figures
    )


def _compared(said: Side) -> Iterable[str]:
    if said.times is not None:
        figures = {"times": times_words(said.times), "compared": count_words(said.compared)}
        if said.compared == said.groups:
            yield _("%(times)s times as much as usual on the same weekdays before") % figures
        else:
            yield (
                _("in the %(compared)s that can be compared %(times)s times as much as usual on the same weekdays before")
                % figures
            )
    elif said.compared:
        yield _("where usually nothing is said on these weekdays")


def _left(left: Side) -> str:
    if not left.groups:
        return ""
    words = ngettext("%(left)s person left", "%(left)s people left", left.total) % {"left": count_words(left.total)}
    if left.usually is None or left.compared < left.groups:
        return words
    return _("%(left)s, usually %(usually)s") % {"left": words, "usually": count_words(round(left.usually, 1))}


def times_words(times: float) -> str:
    """1.4; 12: nobody needs the tenths of the large ones, and something is never called 0.0 times."""
    if 0 < times < 0.05:
        return "<0.1"
    return f"{times:.1f}" if times < 10 else count_words(round(times))


def notes(broadcast: Broadcast, seen: Whole, found: Aftermath) -> Iterable[str]:
    """What has to be known to read the figures."""
    if broadcast.to == Broadcast.To.MEMBERS:
        yield _(
            "It went to members in private. Their answers there are not seen here; this is the talk in the groups they are "
            "known from."
        )
    if seen.said.compared:
        yield _above(seen)
    if seen.waiting:
        words = ngettext(
            "%(n)s group is not in it yet: its day after is not over, or not audited.",
            "%(n)s groups are not in it yet: their day after is not over, or not audited.",
            seen.waiting,
        )
        yield words % {"n": count_words(seen.waiting)}
    if seen.unknown:
        words = ngettext(
            "Of %(n)s group nothing is known: no talk was seen there, or its days are not kept any more.",
            "Of %(n)s groups nothing is known: no talk was seen there, or their days are not kept any more.",
            seen.unknown,
        )
        yield words % {"n": count_words(seen.unknown)}
    yield from _others(found)


def _above(seen: Whole) -> str:
    words = ngettext(
        "In %(above)s of %(compared)s group more was said than in any of the weeks compared with; by chance alone it would be "
        "about %(chance)s.",
        "In %(above)s of %(compared)s groups more was said than in any of the weeks compared with; by chance alone it would be "
        "about %(chance)s.",
        seen.said.compared,
    )
    figures = {"above": seen.above, "compared": seen.said.compared, "chance": round(seen.above_by_chance, 1)}
    return words % {name: count_words(number) for name, number in figures.items()}


def _others(found: Aftermath) -> Iterable[str]:
    if found.others_with:
        words = ngettext(
            "In %(n)s group another broadcast arrived on these days too: what followed which cannot be told apart.",
            "In %(n)s groups another broadcast arrived on these days too: what followed which cannot be told apart.",
            found.others_with,
        )
        yield words % {"n": count_words(found.others_with)}
    if found.others_before:
        words = ngettext(
            "In %(n)s group a broadcast also arrived on the days compared with, so what is usual there is not without one.",
            "In %(n)s groups a broadcast also arrived on the days compared with, so what is usual there is not without one.",
            found.others_before,
        )
        yield words % {"n": count_words(found.others_before)}


def _rows(found: Aftermath) -> list[Row]:
    """Where most followed beyond the usual first, where nothing can be compared last."""
    return [_row(one, found.names[one.group]) for one in sorted(found.groups, key=_place) if one.group in found.names]


def _place(one: Followed) -> tuple[bool, bool, float, int]:
    beyond = (one.said or 0) - (one.usually_said or 0)
    return one.said is None, one.usually_said is None, -beyond, one.group


def _row(one: Followed, group: Group) -> Row:
    return Row(
        group,
        one.day,
        said=_("not over yet") if one.waiting else count_words(one.said),
        usually=usual_words(one.usually_said, one.said_before),
        times=times_words(one.times) if one.times is not None else count_words(None),
        left=_("not over yet") if one.waiting else count_words(one.left),
        usually_left=usual_words(one.usually_left, one.left_before),
    )


def usual_words(usually: float | None, before: tuple[int, ...]) -> str:
    """12.5 (8–17): the mean of the weeks, and between what they were."""
    if usually is None or min(before) == max(before):
        return count_words(usually)
    return f"{count_words(round(usually, 1))} ({count_words(min(before))}–{count_words(max(before))})"
