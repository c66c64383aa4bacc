"""A playbook is put to work: for which groups, with which answers, when; what would be said is seen before anything is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from huoqun.community import queries as community
from huoqun.community.models import Community, Group, Person, Segment
from huoqun.console import navigation
from huoqun.console.permissions import needs, staff_of
from huoqun.content.queries import questions
from huoqun.content.rules.timing import NoSuchTime, moment
from huoqun.sop import queries
from huoqun.sop.errors import CannotLaunch, CannotStand
from huoqun.sop.models import Launch, Version
from huoqun.sop.operations.launching import launch as put_to_work
from huoqun.sop.operations.trials import prepare
from huoqun.sop.pages import saying, seen, telling, viewed
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.standing import not_askable
from huoqun.sop.starts import Around

OFFERED = 100
"""So many groups stand in the form; the others are found by name."""
FEW = 3
"""Voices that are seen at once."""
EXAMPLES = 3
LONGEST_ANSWER = 60
"""What an answer brings into a text is cut there (`content.rules.filling`)."""


class StartForm(forms.Form):
    event_at = forms.CharField(label=gettext_lazy("When is it?"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    which = forms.ChoiceField(
        label=gettext_lazy("In which groups?"),
        choices=[
            ("all", gettext_lazy("All it is for, also those that come later")),
            ("chosen", gettext_lazy("Only the ones ticked, or all that fit below")),
        ],
    )
    standing = forms.ChoiceField(
        label=gettext_lazy("Always the groups in a saved view"),
        required=False,
        help_text=gettext_lazy(
            "Asked anew whenever something is to begin: groups that come into it are in, in those that leave it nothing more "
            "begins. The question is kept as it is now: whoever changes the view later changes nothing here."
        ),
    )
    people = forms.ChoiceField(
        label=gettext_lazy("Always the members in a saved view of people"),
        required=False,
        help_text=gettext_lazy("Asked anew in the same way, about everybody it is to begin for."),
    )
    view = forms.ChoiceField(
        label=gettext_lazy("Saved view of groups"),
        required=False,
        help_text=gettext_lazy("The groups it has now; those it gains later are not in."),
    )
    q = forms.CharField(label=gettext_lazy("Group's name contains"), required=False, max_length=200)
    operator = forms.ChoiceField(label=gettext_lazy("Operator"), required=False)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Ticked ones count alone; with none ticked, all that fit view, name and operator."),
    )
    anyway = forms.BooleanField(label=gettext_lazy("Leave these texts out there, and begin all the same"), required=False)

    def __init__(
        self,
        data: Any,
        *,
        version: Version,
        home: Community,
        groups: QuerySet[Group],
        views: Iterable[Segment] = (),
        people: Iterable[Segment] = (),
    ) -> None:
        super().__init__(data, initial={"which": "all"})
        self.views = {str(view.pk): view for view in views if view.community_id in {None, home.pk}}
        self.of_people = {str(view.pk): view for view in people if view.community_id in {None, home.pk}}
        self.book, self.home, self.audience = version.book, home, groups
        self.asks = {f"ask-{number}": name for number, name in enumerate(self.book.asks)}
        if not any(isinstance(start, Around) for start in self.book.starts):
            del self.fields["event_at"]
        else:
            self.fields["event_at"].help_text = _("By the clock of %(zone)s.") % {"zone": home.zone}
        for asked, name in self.asks.items():
            self.fields[asked] = forms.CharField(label=self.book.asks[name], max_length=LONGEST_ANSWER)
        self._offer()
        self._ask_for_voices()
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"

    def _offer(self) -> None:
        runners = self.audience.exclude(operator=None).order_by("operator__username").values_list("operator", "operator__name")
        named = [(str(pk), name or str(pk)) for pk, name in runners.distinct()]
        self.fields["operator"].choices = [("", "—"), *named]  # type: ignore[attr-defined]
        for name, views in (("view", self.views), ("standing", self.views), ("people", self.of_people)):
            self.fields[name].choices = [("", "—"), *((pk, view.name) for pk, view in views.items())]  # type: ignore[attr-defined]
        if not self.views:
            del self.fields["standing"]
        if not self.of_people or self.book.audience.about != "members":
            del self.fields["people"]
        ticked = [pk for pk in self.data.getlist("groups") if pk.isascii() and pk.isdigit()] if self.is_bound else []  # type: ignore[attr-defined]
        offered = [*self.audience.filter(pk__in=ticked[:5000]), *self.audience.order_by("name", "pk")[:OFFERED]]
        choices = {str(group.pk): str(group) for group in offered}
        self.fields["groups"].choices = list(choices.items())  # type: ignore[attr-defined]

    def _ask_for_voices(self) -> None:
        """Who speaks as whom, where the playbook has texts for several."""
        personas = [("", _("the plain text")), *((persona, persona) for persona in self.book.personas)]
        runners = self.fields["operator"].choices[1:] if self.book.personas else []  # type: ignore[attr-defined]
        self.speakers = {f"voice-{pk}": pk for pk, _name in runners[:OFFERED]}
        for (field, _pk), (_key, name) in zip(self.speakers.items(), runners, strict=False):
            label = _("%(operator)s speaks as") % {"operator": name}
            self.fields[field] = forms.ChoiceField(label=label, choices=personas, required=False)

    @property
    def speaking(self) -> list[forms.BoundField]:
        return [self[field] for field in self.speakers]

    @property
    def shows_voices(self) -> bool:
        """Few of them are seen at once; many are in the way of what every launch has to be told, until one is chosen."""
        return len(self.speakers) <= FEW or any(each.value() or each.errors for each in self.speaking)

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[field] for field in self.asks]

    def clean_event_at(self) -> datetime:
        try:
            at = moment(datetime.fromisoformat(self.cleaned_data["event_at"]).replace(tzinfo=None), self.home.zone)
        except NoSuchTime as gap:
            words = _("This time does not exist in %(zone)s: the clocks are put forward over it. Choose another one.")
            raise forms.ValidationError(words % {"zone": self.home.zone}) from gap
        except (ValueError, OverflowError) as strange:
            raise forms.ValidationError(_("Write day and time such as 2026-03-31 19:30.")) from strange
        if at <= timezone.now():
            raise forms.ValidationError(_("That is over already."))
        return at

    def clean_view(self) -> str:
        return askable(self.cleaned_data["view"], self.views)

    def clean_standing(self) -> str:
        return askable(self.cleaned_data["standing"], self.views)

    def clean_people(self) -> str:
        return askable(self.cleaned_data["people"], self.of_people)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if any(values.get(name) for name in ("groups", "q", "operator", "view")):
            # Whoever ticks groups means those, whatever stands above them.
            values["which"] = "chosen"
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["which"] = "chosen"  # type: ignore[index]
        if not self.errors and not self.groups_now().exists():
            self.add_error("which", self._nobody())
        return values

    # What it says

    def answers(self) -> dict[str, str]:
        return {name: self.cleaned_data[field].strip() for field, name in self.asks.items()}

    def voices(self) -> dict[str, str]:
        return {pk: self.cleaned_data[field] for field, pk in self.speakers.items() if self.cleaned_data.get(field)}

    def standing_views(self) -> list[Segment]:
        """It is for these as long as it is at work."""
        of_groups = self.views.get(self.cleaned_data.get("standing", ""))
        of_people = self.of_people.get(self.cleaned_data.get("people", ""))
        return [view for view in (of_groups, of_people) if view is not None]

    def groups_now(self) -> QuerySet[Group]:
        """In which it would begin now."""
        return questions.groups(self.chosen(), self._questions(Segment.About.GROUPS))

    def people_now(self) -> QuerySet[Person] | None:
        """None: all members."""
        asked = self._questions(Segment.About.PEOPLE)
        return questions.people(Person.objects.filter(community=self.home), asked) if asked else None

    def _questions(self, about: str) -> list[questions.Question]:
        return [view.filters for view in self.standing_views() if view.about == about]

    def _nobody(self) -> str:
        if self.cleaned_data.get("standing"):
            return _("None of these groups is in the saved view now.")
        return _("No group of this community is one this playbook is for.")

    def chosen(self) -> QuerySet[Group]:
        """Without what the standing view asks: which groups are in it changes."""
        said = self.cleaned_data
        if said.get("which") != "chosen":
            return self.audience
        if said.get("groups"):
            return self.audience.filter(pk__in=said["groups"])
        rows = self.audience
        if said.get("view"):
            mine = Group.objects.filter(community=self.home)
            rows = rows.filter(pk__in=questions.groups(mine, [self.views[said["view"]].filters]).order_by().values("pk"))
        for word in said.get("q", "").replace("\0", "").split():
            rows = rows.filter(name__icontains=word)
        return rows.filter(operator=said["operator"]) if said.get("operator") else rows

    def only(self) -> list[int]:
        """Keys of the groups where not all are meant."""
        return [] if self.cleaned_data["which"] != "chosen" else list(self.chosen().values_list("key", flat=True))


def askable(chosen: str, views: Mapping[str, Segment]) -> str:
    """The view chosen. Raises ValidationError for one that only its own list can answer, with what to do about it."""
    view = views.get(chosen)
    if view is not None and (names := not_askable(view.about, view.filters)):
        raise forms.ValidationError(viewed.trouble_words(view.about, names))
    return chosen


@needs(*seen.IN_CHARGE)
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """The same form three times: to fill in, with what it would do beside it, and done."""
    playbook = seen.one_offered(request, pk)
    home = playbook.community
    assert home is not None
    version = seen.version_of(playbook, request.GET.get("version"))
    groups = queries.audience(home, version.book.audience).select_related("operator")
    form = StartForm(
        request.POST or None,
        version=version,
        home=home,
        groups=groups,
        views=community.segments(request.user, "groups"),
        people=community.segments(request.user, "people"),
    )
    context: dict[str, Any] = {"form": form, "playbook": playbook, "version": version, "home": home, "all": groups.count()}
    context["starts"] = telling.starts(version.book)
    context["audience"] = telling.audience_words(version.book.audience)
    if request.method != "POST" or not form.is_valid():
        return render(request, "sop/start.html", context, status=422 if form.is_bound else 200)
    event_at, people = form.cleaned_data.get("event_at"), form.people_now()
    looked = looked_over(version.book, home, form.groups_now(), form.answers(), event_at, people)
    must_say = bool(looked["troubles"]) and not form.cleaned_data["anyway"]
    asked = "go" in request.POST or "test" in request.POST
    if not asked or must_say:
        context |= looked | {"must_say": must_say and asked, "testing": navigation.onward("sop:start")}
        return render(request, "sop/start.html", context, status=422 if context["must_say"] else 200)
    return _go(request, form, version, home)


def _go(request: HttpRequest, form: StartForm, version: Version, home: Community) -> HttpResponse:
    tested = navigation.onward("sop:start") if "test" in request.POST else []
    try:
        launch = (prepare if tested else put_to_work)(
            version,
            home,
            by=staff_of(request),
            now=timezone.now(),
            event_at=form.cleaned_data.get("event_at"),
            only_groups=form.only(),
            answers=form.answers(),
            voices=form.voices(),
            views=form.standing_views(),
        )
    except CannotLaunch as error:
        messages.error(request, launch_trouble(error))
        return HttpResponseRedirect(reverse("sop:start", args=[version.playbook_id]))
    if tested:
        return HttpResponseRedirect(reverse(tested[0].url_name, args=[launch.pk]))
    messages.success(request, _("At work. What is planned shows up here within a minute."))
    return to_launch(launch)


def to_launch(launch: Launch) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("sop:launch", args=[launch.pk]))


def looked_over(
    book: Playbook,
    home: Community,
    groups: QuerySet[Group],
    answers: Mapping[str, str],
    event_at: datetime | None,
    people: QuerySet[Person] | None,
) -> dict[str, Any]:
    """How many groups, and how many members where not all are meant; what will be said in three groups, and what cannot be."""
    now = timezone.now()
    anchor = saying.next_anchor(book, event_at, home, now=now)
    examples = [(group, _in(book, home, group, answers, anchor, now, people)) for group in groups.order_by("pk")[:EXAMPLES]]
    troubles = saying.troubles(book, home, groups, answers=answers, now=now)
    meant = queries.guests(groups, people).values("identity__person").distinct().order_by()
    return {
        "looked": True,
        "number": groups.count(),
        "members": None if people is None else meant.count(),
        "examples": examples,
        "troubles": troubles,
        "anchor": anchor,
    }


def _in(
    book: Playbook,
    home: Community,
    group: Group,
    answers: Mapping[str, str],
    anchor: datetime,
    now: datetime,
    people: QuerySet[Person] | None = None,
    *,
    all_: bool = False,
) -> list[saying.Said]:
    member = saying.a_member(group, people) if book.audience.about == "members" else None
    scene = saying.scene_of(book, home, group, answers=answers, now=now, member=member)
    return saying.said_in(saying.looked_into(scene, now=now), anchor=anchor, each_persona=all_)


def launch_trouble(error: CannotLaunch) -> str:
    """In the reader's language."""
    if isinstance(error, CannotStand):
        return viewed.trouble_words(error.about, error.names)
    asked = "Not answered yet: "
    if str(error).startswith(asked):
        return _("Not answered yet: %(questions)s") % {"questions": str(error).removeprefix(asked)}
    known = {
        "This playbook is about a moment: say when it is.": _("This playbook is about a moment: say when it is."),
        "This playbook is archived: take it out of the archive first.": _(
            "This playbook is archived: take it out of the archive first."
        ),
        "No group of this community is one this playbook is for.": _("No group of this community is one this playbook is for."),
        "This saved view belongs to another community.": _("This saved view belongs to another community."),
        "This playbook is not about members: choose a saved view of groups.": _(
            "This playbook is not about members: choose a saved view of groups."
        ),
        "The new version is about something else: end this launch and put the new version to work.": _(
            "The new version is about something else: end this launch and put the new version to work."
        ),
    }
    return known.get(str(error), str(error))


@needs()
@require_GET
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text over real groups, a few a page; what has no value somewhere stands first."""
    playbook = seen.one_playbook(request, pk)
    home = playbook.community
    assert home is not None
    version, now = seen.version_of(playbook, request.GET.get("version")), timezone.now()
    book = version.book
    groups = queries.audience(home, book.audience).select_related("operator").order_by("name", "pk")
    if words := request.GET.get("q", "").replace("\0", "").strip()[:200]:
        groups = groups.filter(name__icontains=words)
    answers = {name: f"（{name}）" for name in book.asks}
    page = Paginator(groups, EXAMPLES).get_page(request.GET.get("page"))
    anchor = saying.next_anchor(book, None, home, now=now)
    context = {
        "playbook": playbook,
        "version": version,
        "page": page,
        "q": words,
        "examples": [(group, _in(book, home, group, answers, anchor, now, all_=True)) for group in page],
        "troubles": saying.troubles(book, home, groups, answers=answers, now=now),
        "asks": book.asks,
    }
    return render(request, "sop/preview.html", context)
