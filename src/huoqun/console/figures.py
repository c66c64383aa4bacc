"""Numbers and times as words: the same on pages, in charts' tables and in exports."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

NOTHING = "—"
"""No data. Never shown for zero."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUTE, HOUR, DAY = 60, 3600, 86400


def count_words(number: float | None) -> str:
    """12,345; a fraction keeps one decimal; no data is a dash."""
    if number is None:
        return NOTHING
    return f"{number:,}" if isinstance(number, int) else f"{number:,.1f}".removesuffix(".0")


def percent_words(fraction: float | None) -> str:
    """18.8%; what is more than nothing is never written as 0.0%, what is less than all never as 100.0%."""
    if fraction is None:
        return NOTHING
    if 0 < fraction < 0.0005:
        return "<0.1%"
    if 0.9995 <= fraction < 1:
        return ">99.9%"
    return f"{fraction * 100:.1f}%"


def share_words(part: int | None, whole: int | None, *, small: int = 0) -> str:
    """A share with its count: "1.3% (4 of 300)". Below `small` only the count: a percentage of few people says nothing."""
    if part is None or not whole:
        return NOTHING
    counts = {"part": count_words(part), "whole": count_words(whole)}
    if whole < small:
        return _("%(part)s of %(whole)s") % counts
    return _("%(percent)s (%(part)s of %(whole)s)") % {"percent": percent_words(part / whole), **counts}


def when_words(moment: datetime, *, now: datetime) -> str:
    """How long ago, or how soon."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now")
    return (_("%(span)s ago") if seconds > 0 else _("in %(span)s")) % {"span": span_words(abs(seconds))}


def span_words(seconds: float) -> str:
    """A length of time in its largest sensible unit: 3 minutes, 5 hours, 40 days, 2.5 years."""
    days = int(seconds // DAY)
    if days >= 730:
        return _("%(years)s years") % {"years": f"{days / 365.25:.1f}".removesuffix(".0")}
    if days >= 60:
        return ngettext("%(n)d month", "%(n)d months", days // 30) % {"n": days // 30}
    if days >= 1:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if seconds >= HOUR:
        hours = int(seconds // HOUR)
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    minutes = max(1, int(seconds // MINUTE))
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def exact_words(moment: datetime, zone: ZoneInfo | None = None) -> str:
    """2026-03-04 19:05 Asia/Shanghai: in the given zone, else in the account's."""
    local = timezone.localtime(moment, zone)
    return f"{local:%Y-%m-%d %H:%M} {zone or timezone.get_current_timezone_name()}"


def day_words(day: date, *, today: date) -> str:
    """4 March, with the year where it is not this one; Chinese: 3月4日."""
    chinese = (get_language() or "").startswith("zh")
    if chinese:
        return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == today.year else f"{words} {day.year}"


def today_in(zone: ZoneInfo, *, now: datetime) -> date:
    return now.astimezone(zone).date()


def days_since(day: date, *, today: date) -> int:
    return (today - day) // timedelta(days=1)
