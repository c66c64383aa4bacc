"""How a broadcast stands, whom it reaches and what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from huoqun.console.figures import count_words
from huoqun.content import errors
from huoqun.content.models import Broadcast
from huoqun.content.queries.audience import MOST, Audience
from huoqun.content.queries.confirming import NOTHING_TO_CONFIRM, Confirmations
from huoqun.content.rules.counting import Counts
from huoqun.content.rules.filling import NAMES, Wrong
from huoqun.content.words import FAULTS

TO_GROUPS, TO_MEMBERS = (
    ("group", "operator", "community", "day", "weekday"),
    tuple(name for name in NAMES if "english" not in name),
)


def standing(
    broadcast: Broadcast, counts: Counts, confirmed: Confirmations = NOTHING_TO_CONFIRM, *, paused: bool = False
) -> str:
    """ "37 of 40 groups have it, 2 wait for a colleague, 1 too late. By colleagues: 37 confirmed, 2 reminded, 1 expired." """
    if not counts.total:
        return _("It is being planned.") if broadcast.is_open else _("It reached nobody.")
    numbers = {"sent": count_words(counts.sent), "total": count_words(counts.total)}
    if broadcast.to == Broadcast.To.MOMENTS:
        head = (
            ngettext(
                "%(sent)s of %(total)s colleague has posted it", "%(sent)s of %(total)s colleagues have posted it", counts.total
            )
            % numbers
        )
    elif broadcast.to == Broadcast.To.GROUPS:
        head = ngettext("%(sent)s of %(total)s group has it", "%(sent)s of %(total)s groups have it", counts.total) % numbers
    else:
        head = ngettext("%(sent)s of %(total)s person has it", "%(sent)s of %(total)s people have it", counts.total) % numbers
    words = " ".join(filter(None, [_joined([head, *_others(counts)]), confirming(confirmed)]))
    return " ".join((words, _("It is paused."))) if paused else words


def confirming(found: Confirmations) -> str:
    """What colleagues have done about their part; "" where nothing needs them."""
    if not found.total:
        return ""
    unasked = found.waiting - found.reminded
    said = [
        (found.confirmed, _("%(n)s confirmed")),
        (found.reminded, _("%(n)s reminded")),
        (unasked, _("%(n)s not confirmed yet")),
        (found.expired, _("%(n)s expired")),
    ]
    words = pgettext("between parts of a sentence", ", ").join(text % {"n": count_words(n)} for n, text in said if n)
    return _("By colleagues: %(words)s.") % {"words": words}


def _others(counts: Counts) -> Iterable[str]:
    said = {
        "confirming": ngettext("%(n)s waits for a colleague", "%(n)s wait for a colleague", counts.number("confirming")),
        "handed": ngettext("%(n)s waits for a hand", "%(n)s wait for a hand", counts.number("handed")),
        "refused": _("%(n)s refused"),
        "unknown": _("%(n)s unknown"),
        "expired": _("%(n)s too late"),
        "cancelled": _("%(n)s cancelled"),
        "": _("%(n)s still to go"),
    }
    return (words % {"n": count_words(counts.number(name))} for name, words in said.items() if counts.number(name))


def reach(broadcast: Broadcast, everybody: Audience) -> str:
    """ "38 groups get this, 2 of them by hand; 5 are left out." """
    number = len(everybody.reached)
    if broadcast.to == Broadcast.To.MOMENTS:
        head = ngettext("%(n)s colleague posts this", "%(n)s colleagues post this", number) % {"n": count_words(number)}
    elif broadcast.to == Broadcast.To.GROUPS:
        head = ngettext("%(n)s group gets this", "%(n)s groups get this", number) % {"n": count_words(number)}
    else:
        head = ngettext("%(n)s person gets this", "%(n)s people get this", number) % {"n": count_words(number)}
    words = [head]
    if everybody.by_hand:
        words.append(_("%(n)s of them by hand") % {"n": count_words(everybody.by_hand)})
    if everybody.without:
        words.append(_("%(n)s left out") % {"n": count_words(len(everybody.without))})
    return _joined(words)


def _joined(words: Iterable[str]) -> str:
    return _("%(sentence)s.") % {"sentence": pgettext("between parts of a sentence", ", ").join(words)}


def trouble(error: errors.CannotSend) -> list[str]:
    """What to mend before it can be sent."""
    match error:
        case errors.TextIsWrong(wrongs=wrongs):
            return [wrong_words(wrong) for wrong in wrongs]
        case errors.ValuesMissing(names=names, number=number):
            names_said, example = _(", ").join(names), f"{{{{{names[0]}|…}}}}"
            words = ngettext(
                "For %(n)s of them “%(names)s” has no value. Fill it in there, leave them out, or write words for that case: "
                "%(example)s.",
                "For %(n)s of them “%(names)s” has no value. Fill it in there, leave them out, or write words for that case: "
                "%(example)s.",
                number,
            )
            return [words % {"n": count_words(number), "names": names_said, "example": example}]
        case errors.NotAnswerable(names=names):
            words = _(
                "The saved view also narrows by “%(names)s”, which only its own page can do. Tag what you found there and "
                "choose the tag here."
            )
            return [words % {"names": _(", ").join(names)}]
        case errors.TooMany():
            return [_("That is more than %(n)s people. Narrow it.") % {"n": count_words(MOST)}]
        case errors.TimeIsPast():
            return [_("The time it should go out has gone by. Choose another one, or none for at once.")]
    return [_("Nobody would get this. Choose others.")]


def wrong_words(wrong: Wrong) -> str:
    return str(FAULTS[wrong.fault]) % {"name": wrong.name, "near": wrong.near, "known": variables(to_members=True)}


def variables(*, to_members: bool) -> str:
    """How those that may be used are written, the Chinese way first."""
    return " ".join(f"{{{{{NAMES[name][0]}}}}}" for name in (TO_MEMBERS if to_members else TO_GROUPS))
