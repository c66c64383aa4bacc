"""A playbook is begun without writing YAML: its name and when it starts; its steps are then filled in with the form."""

from __future__ import annotations

from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community.models import Community
from huoqun.sop.models import Playbook
from huoqun.sop.parts.lapse import BadTime, Clock
from huoqun.sop.playbooks.plain import Plain, of_plain
from huoqun.sop.playbooks.playbook import Playbook as Book

STARTS = {
    "daily": gettext_lazy("Every day"),
    "weekly": gettext_lazy("Once a week"),
    "event": gettext_lazy("Around a moment that I name: a talk, a sale, a meeting"),
    "joined": gettext_lazy("When somebody comes into a group"),
    "born": gettext_lazy("When a group is new"),
    "turned": gettext_lazy("When the audit finds a group in decline, after somebody has said yes"),
    "hand": gettext_lazy("When I begin it by hand"),
}
WEEKDAYS = (
    ("MO", gettext_lazy("Monday")),
    ("TU", gettext_lazy("Tuesday")),
    ("WE", gettext_lazy("Wednesday")),
    ("TH", gettext_lazy("Thursday")),
    ("FR", gettext_lazy("Friday")),
    ("SA", gettext_lazy("Saturday")),
    ("SU", gettext_lazy("Sunday")),
)
BY_CALENDAR = {"daily", "weekly"}
DEFAULT = "09:30"


class BeginForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("What is it called?"), max_length=100)
    start = forms.ChoiceField(label=gettext_lazy("When does it start?"), choices=list(STARTS.items()))
    weekday = forms.ChoiceField(
        label=gettext_lazy("On which day"), choices=WEEKDAYS, required=False, help_text=gettext_lazy("Only for once a week.")
    )
    time = forms.CharField(
        label=gettext_lazy("At what time"), required=False, initial=DEFAULT, max_length=5,
        help_text=gettext_lazy("For every day and once a week: the time of the first step, such as 09:30."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, home: Community) -> None:
        super().__init__(data)
        self.home = home
        for name in ("start", "weekday"):
            self.fields[name].widget.attrs["class"] = "form-select"

    def clean_time(self) -> str:
        try:
            return Clock(self.cleaned_data["time"].strip() or DEFAULT)
        except BadTime as wrong:
            raise forms.ValidationError(_("Write a time of day such as 09:30.")) from wrong

    def made(self) -> Book:
        """With one step to begin from, which says something (or, of members, says it to each)."""
        start, time = self.cleaned_data["start"], self.cleaned_data["time"]
        about = "members" if start == "joined" else "groups"
        first = {"do": "message" if about == "members" else "post", "key": "first", "at": self._at(start, time)}
        return of_plain(
            {
                "name": _free_name(self.home),
                "title": self.cleaned_data["title"].strip(),
                "audience": {"about": about},
                "starts": [self._start(start, time)],
                "steps": [{**first, "words": {"text": _("What is said")}}],
            }
        )

    def _start(self, start: str, time: str) -> Plain:
        match start:
            case "daily":
                return {"when": "every", "rule": "FREQ=DAILY", "time": time}
            case "weekly":
                return {"when": "every", "rule": f"FREQ=WEEKLY;BYDAY={self.cleaned_data['weekday'] or 'MO'}", "time": time}
            case "turned":
                return {"when": "turned", "to": ["declining"]}
        return {"when": start}

    def _at(self, start: str, time: str) -> Plain:
        if start in BY_CALENDAR:
            return {"day": 0, "time": time}
        return {"offset": "0m"} if start == "event" else {"after": "10m"}


def _free_name(home: Community) -> str:
    taken = set(Playbook.objects.filter(community=home).values_list("name", flat=True))
    return next(name for number in count(1) if (name := f"playbook-{number}") not in taken)
