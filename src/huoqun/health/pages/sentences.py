"""What the audit says of a group, in sentences: first what is seen, then the figures."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.figures import count_words, span_words
from huoqun.health.models import GroupHealth
from huoqun.health.pages.group_columns import chance_words
from huoqun.health.pages.words import together


def alive(health: GroupHealth) -> str:
    if health.p_alive is None:
        return ""
    chances = {"p": health.p_alive, "low": health.p_low or 0.0, "high": health.p_high or 1.0}
    shown = {name: chance_words(chance) for name, chance in chances.items()}
    return _("The chance that people will speak here again is %(p)s (90%% interval %(low)s to %(high)s).") % shown


def structure(health: GroupHealth) -> str:
    """Below a hundred speakers people are named as people, not as per cents (reference of the method: C17)."""
    figures = health.figures
    speakers, half = figures.get("speakers_90d"), figures.get("half_holders")
    if not speakers or not half:
        return _("Too little was said lately to speak of structure.")
    words = ngettext(
        "%(half)s of %(speakers)s speakers holds half of the talk.",
        "%(half)s of %(speakers)s speakers hold half of the talk.",
        half,
    )
    return words % {"half": count_words(half), "speakers": count_words(speakers)}


def newcomers(health: GroupHealth) -> str:
    figures = health.figures
    joined = figures.get("newcomers_90d")
    if joined is None:
        return _("Joins are not reported here, so nothing is known of newcomers.")
    if not joined:
        return _("Nobody joined in the last 90 days.")
    known = {
        "joined": count_words(joined),
        "had": count_words(figures.get("had_a_week")),
        "spoke": count_words(figures.get("spoke_within_7d")),
    }
    words = _("%(joined)s people joined in the last 90 days; of %(had)s who have had a week, %(spoke)s spoke within it.")
    said = words % known
    first, answered = figures.get("first_words"), figures.get("first_words_answered")
    if first:
        words = _("%(answered)s of %(first)s first words got a human answer.")
        return together(said, words % {"answered": count_words(answered), "first": count_words(first)})
    return said


def service(health: GroupHealth) -> str:
    asked, unanswered = health.questions_30d, health.unanswered
    if asked is None:
        return _("Nothing is known of questions here.")
    if not asked:
        return _("No question was asked in the last 30 days.")
    figures = health.figures
    words = _("%(asked)s questions in 30 days: %(members)s answered by members, %(staff)s by staff, %(unanswered)s by nobody.")
    said = words % {
        "asked": count_words(asked),
        "members": count_words(figures.get("answered_by_members")),
        "staff": count_words(figures.get("answered_by_staff")),
        "unanswered": count_words(unanswered),
    }
    minutes = figures.get("answer_minutes")
    if minutes is None:
        return said
    return together(said, _("Half of the answers came within %(span)s.") % {"span": span_words(max(minutes, 1) * 60)})


def growth(health: GroupHealth) -> str:
    if health.joins_30d is None:
        return _("Joins and leaves are not reported here; growth is not known.")
    return _("%(joins)s joined and %(leaves)s left in 30 days; %(members)s members are known.") % {
        "joins": count_words(health.joins_30d),
        "leaves": count_words(health.leaves_30d),
        "members": count_words(health.members),
    }
