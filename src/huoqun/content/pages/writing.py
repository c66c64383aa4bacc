"""The form in which a broadcast is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huoqun.community import queries as community
from huoqun.community.carrier_names import carrier_name
from huoqun.community.models import Community, Connects, Lifecycle, Segment
from huoqun.console.models import Staff
from huoqun.console.permissions import staff_of
from huoqun.content import errors
from huoqun.content.models import Broadcast
from huoqun.content.operations.keeping import check_picture
from huoqun.content.pages import sentences
from huoqun.content.queries import questions
from huoqun.content.rules.filling import wrongs
from huoqun.content.rules.pictures import LARGEST, MOST
from huoqun.content.rules.timing import NoSuchTime, moment
from huoqun.content.words import STATES

LONGEST = 4000
KEPT = "kept"
"""The saved view stays as it was when it was chosen."""

WALL = "%Y-%m-%dT%H:%M"
OWN = ("q", "state", "operator", "carrier", "connects", "lifecycle", "tag", "group")


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures at once; each is one by its content."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files(attrs={"class": "form-control", "multiple": True, "accept": "image/*"}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        given = [file for file in (data if isinstance(data, list) else [data]) if file]
        for file in given:
            try:
                check_picture(file)
            except errors.NotAPicture as no_picture:
                words = _("%(name)s is no PNG, JPEG, GIF or WebP picture of at most %(limit)s MB.")
                raise forms.ValidationError(words % {"name": file.name, "limit": LARGEST // 1024**2}) from no_picture
        return given


class Write(forms.Form):
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("For your colleagues; those who get it do not see it."),
    )
    text = forms.CharField(label=gettext_lazy("Text"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 7}))
    pictures = PicturesField(label=gettext_lazy("Pictures"), required=False)
    link_url = forms.CharField(
        label=gettext_lazy("Link"), required=False, max_length=1000, widget=forms.URLInput(attrs={"placeholder": "https://"})
    )
    link_title = forms.CharField(label=gettext_lazy("Title of the link"), required=False, max_length=120)
    link_description = forms.CharField(label=gettext_lazy("Description of the link"), required=False, max_length=300)
    to = forms.ChoiceField(label=gettext_lazy("Goes to"), choices=Broadcast.To.choices)
    view = forms.ChoiceField(
        label=gettext_lazy("Saved view"),
        required=False,
        help_text=gettext_lazy("Of groups where it goes to groups, of people where it goes to members."),
    )
    q = forms.CharField(label=gettext_lazy("Group's name contains"), required=False, max_length=200)
    state = forms.MultipleChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=list(STATES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Dead groups and those that have come to their planned end are left out unless you choose them here."
        ),
    )
    operator = forms.ChoiceField(label=gettext_lazy("Operator"), required=False)
    carrier = forms.ChoiceField(label=gettext_lazy("Carrier"), required=False)
    connects = forms.ChoiceField(label=gettext_lazy("Connects"), required=False, choices=[("", "—"), *Connects.choices[:-1]])
    lifecycle = forms.ChoiceField(label=gettext_lazy("Lifecycle"), required=False, choices=[("", "—"), *Lifecycle.choices])
    tag = forms.MultipleChoiceField(label=gettext_lazy("Tag"), required=False, widget=forms.CheckboxSelectMultiple)
    group = forms.MultipleChoiceField(
        label=gettext_lazy("Only these groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    send_at = forms.CharField(
        label=gettext_lazy("When"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    spread_minutes = forms.IntegerField(
        label=gettext_lazy("Spread over minutes"),
        required=False,
        min_value=0,
        max_value=24 * 60,
        help_text=gettext_lazy("Not all at the same moment: each at a chance time within these minutes."),
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=gettext_lazy("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(
        self, *args: Any, request: HttpRequest, home: Community, draft: Broadcast | None = None, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial(draft, home) if draft else {"quiet_from": time(22), "quiet_to": time(8)})
        super().__init__(*args, **kwargs)
        self.home, self.draft, self.staff = home, draft, staff_of(request)
        self._offer(request)
        zone = {"zone": home.zone}
        self.fields["text"].help_text = self._text_help()
        self.fields["send_at"].help_text = _("By the clock of %(zone)s. Empty: as soon as you send it.") % zone
        self.fields["quiet_from"].help_text = _("By the clock of %(zone)s; what falls into it goes out when it ends.") % zone
        for field in self.fields.values():
            self._dress(field)

    def _offer(self, request: HttpRequest) -> None:
        """The choices there are in this community."""
        self.views = {f"{view.about}:{view.pk}": view for view in _views(self.staff, self.home)}
        kept = (
            [(KEPT, _("%(name)s, as it was chosen") % {"name": self.draft.view_name})]
            if self.draft and self.draft.view_name
            else []
        )
        labels = {Segment.About.GROUPS: _("Groups"), Segment.About.PEOPLE: _("People")}
        named = [(key, f"{labels[Segment.About(view.about)]}: {view.name}") for key, view in self.views.items()]
        groups = community.groups(self.staff).filter(community=self.home)
        asked = request.GET.getlist("group")
        chosen = [*asked, *request.POST.getlist("group"), *self.initial.get("group", [])]
        self._choose("view", [("", "—"), *kept, *named])
        self._choose("operator", [("", "—"), *_operators(groups)])
        self._choose("carrier", [("", "—"), *_carriers(groups)])
        self._choose("tag", _tags(self.staff, self.home))
        self._choose("group", [(str(row.pk), str(row)) for row in groups.filter(pk__in=filter(str.isdecimal, chosen))])
        if asked:
            self.initial["group"] = asked
        for name in ("tag", "group"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _text_help(self) -> str:
        words = _("Variables: %(groups)s; in private messages also %(member)s. Words for where there is no value: %(example)s.")
        return words % {
            "groups": sentences.variables(to_members=False),
            "member": "{{昵称}}",
            "example": "{{运营|" + _("we") + "}}",
        }

    def _dress(self, field: forms.Field) -> None:
        if isinstance(field.widget, forms.CheckboxSelectMultiple):
            return
        field.widget.attrs.setdefault("class", "form-select" if isinstance(field.widget, forms.Select) else "form-control")

    # What it says

    def clean_link_url(self) -> str:
        url: str = self.cleaned_data["link_url"]
        if url:
            URLValidator(schemes=["https", "http"], message=_("Write a whole address such as https://example.com/page."))(url)
        return url

    def clean_pictures(self) -> list[UploadedFile[Any]]:
        files: list[UploadedFile[Any]] = self.cleaned_data["pictures"]
        if len(files) + (self.draft.pictures.count() if self.draft else 0) > MOST:
            raise forms.ValidationError(_("At most %(most)s pictures.") % {"most": MOST})
        return files

    def clean_send_at(self) -> datetime | None:
        said: str = self.cleaned_data["send_at"]
        if not said:
            return None
        try:
            return moment(datetime.fromisoformat(said).replace(tzinfo=None), self.home.zone)
        except NoSuchTime as gap:
            words = _("This time does not exist in %(zone)s: the clocks are put forward over it. Choose another one.")
            raise forms.ValidationError(words % {"zone": self.home.zone}) from gap
        except (ValueError, OverflowError) as strange:
            raise forms.ValidationError(_("Write day and time such as 2026-03-31 19:30.")) from strange

    def clean_spread_minutes(self) -> int:
        return self.cleaned_data["spread_minutes"] or 0

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        to_members = values.get("to") == Broadcast.To.MEMBERS
        for wrong in wrongs(values.get("text", ""), to_members=to_members):
            self.add_error("text", sentences.wrong_words(wrong))
        if (values.get("quiet_from") is None) != (values.get("quiet_to") is None):
            self.add_error("quiet_from", _("Give both times, or neither."))
        elif values.get("quiet_from") is not None and values["quiet_from"] == values["quiet_to"]:
            self.add_error("quiet_from", _("Quiet hours that begin when they end mean nothing. Leave both empty for none."))
        self._check_view(values.get("view", ""), to_members=to_members)
        if values.get("to") == Broadcast.To.MOMENTS and (values.get("view") or any(values.get(name) for name in OWN)):
            words = _("A moment goes to all customers of our colleagues: leave what narrows groups and people empty.")
            self.add_error("to", words)
        return values

    def _check_view(self, chosen: str, *, to_members: bool) -> None:
        about = Segment.About.PEOPLE if to_members else Segment.About.GROUPS
        view = self.views.get(chosen)
        if view is None:
            return
        if view.about != about:
            self.add_error("view", _("This view is not about what it goes to. Choose another one."))
        elif names := questions.strange(view.filters, questions.PEOPLE if to_members else questions.GROUPS):
            for words in sentences.trouble(errors.NotAnswerable(names)):
                self.add_error("view", words)

    def said(self) -> dict[str, Any]:
        """The fields of a broadcast."""
        values = self.cleaned_data
        plain = ("title", "text", "link_url", "link_title", "link_description", "to", "send_at", "spread_minutes")
        question, name = self._view()
        return {
            **{field: values[field] for field in plain},
            "quiet_from": values["quiet_from"],
            "quiet_to": values["quiet_to"],
            "questions": {"own": self._own(), "view": question},
            "view_name": name,
        }

    def _own(self) -> dict[str, list[str]]:
        given = {name: self.cleaned_data.get(name) or [] for name in OWN}
        return {name: value if isinstance(value, list) else [value] for name, value in given.items() if value}

    def _view(self) -> tuple[Mapping[str, Any], str]:
        chosen = self.cleaned_data["view"]
        if chosen == KEPT and self.draft is not None:
            return self.draft.questions.get("view", {}), self.draft.view_name
        view = self.views.get(chosen)
        return (view.filters, view.name) if view else ({}, "")


def initial(draft: Broadcast, home: Community) -> dict[str, Any]:
    own = draft.questions.get("own", {})
    many = {name: own.get(name, []) for name in ("state", "tag", "group")}
    one = {name: "".join(own.get(name, [])[:1]) for name in ("q", "operator", "carrier", "connects", "lifecycle")}
    fields = ("title", "text", "link_url", "link_title", "link_description", "to", "spread_minutes", "quiet_from", "quiet_to")
    at = draft.send_at.astimezone(ZoneInfo(home.zone)).strftime(WALL) if draft.send_at else ""
    return (
        {name: getattr(draft, name) for name in fields} | many | one | {"send_at": at, "view": KEPT if draft.view_name else ""}
    )


def _views(staff: Staff, home: Community) -> list[Segment]:
    """Those that hold for this community: one's own, and what colleagues share here."""
    rows = [view for about in Segment.About for view in community.segments(staff, about)]
    return [view for view in rows if view.community_id in {None, home.pk}]


def _operators(groups: Any) -> list[tuple[str, str]]:
    rows = Staff.objects.filter(operated_groups__in=groups.values("pk")).distinct().order_by("username")
    return [(str(row.pk), str(row)) for row in rows]


def _carriers(groups: Any) -> list[tuple[str, str]]:
    names = groups.values_list("carrier", flat=True).distinct().order_by("carrier")
    return [(name, carrier_name(name)) for name in names]


def _tags(staff: Staff, home: Community) -> list[tuple[str, str]]:
    rows = community.tags(staff).filter(community=home, groups__isnull=False).distinct()
    return [(str(row.pk), row.name) for row in rows]
