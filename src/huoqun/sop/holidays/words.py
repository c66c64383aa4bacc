"""What pages say about days off."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .arrangement import Day
from .years import years

NAMES: dict[str, Promise] = {
    "元旦": gettext_lazy("New Year's Day"),
    "春节": gettext_lazy("Spring Festival"),
    "清明节": gettext_lazy("Qingming Festival"),
    "劳动节": gettext_lazy("Labour Day"),
    "端午节": gettext_lazy("Dragon Boat Festival"),
    "中秋节": gettext_lazy("Mid-Autumn Festival"),
    "国庆节": gettext_lazy("National Day"),
}


def name_words(name: str) -> str:
    """As the notice has it where it is none of the seven."""
    return _(", ").join(str(NAMES.get(part, part)) for part in name.split("、"))


def day_words(day: Day) -> str:
    said = _("%(name)s · day off") if day.is_off else _("%(name)s · make-up working day")
    return said % {"name": name_words(day.name)}


def note_of(first: date, last: date) -> str:
    """What has to be known where this stretch is shown or planned: a year nobody knows, a file nobody can read. "": nothing."""
    found = years()
    said = [
        _(
            "The holidays of %(year)s are not known here yet: until they are, only Saturdays and Sundays count as days off. "
            "When the State Council has announced them, update Huoqun or add the year (huoqun holidays add FILE)."
        )
        % {"year": year}
        # Of the years before the first known one nobody asks any more.
        for year in found.calendar.unknown(first, last)
        if year > min(found.calendar.arrangements)
    ]
    said += [
        _("%(file)s in the folder of holidays cannot be read and does not count: %(wrong)s")
        % {"file": each.path.name, "wrong": "; ".join(map(str, each.mistakes))}
        for each in found.broken
    ]
    return " ".join(said)
