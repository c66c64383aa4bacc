"""A new version is kept: what becomes of what is under way is asked, launch by launch, with what each answer would do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from huoqun.console.permissions import needs, staff_of
from huoqun.sop import underway, version_work
from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Version
from huoqun.sop.operations import moving
from huoqun.sop.operations.moving import UnderWay
from huoqun.sop.operations.renewing import what_is_missing
from huoqun.sop.pages import seen
from huoqun.sop.pages.different import Shown, shown
from huoqun.sop.pages.starting import launch_trouble
from huoqun.sop.playbooks.differences import differences

FEW = 300
"""So many runs are changed while somebody waits for the page; more by the worker."""
NOT_NOW = "not_now"


@dataclass(frozen=True, slots=True)
class Answer:
    value: str
    label: str
    consequences: list[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One launch, what its runs would see different, and what can be answered."""

    launch: Launch
    figures: underway.UnderWay
    changes: list[Shown]
    trouble: str
    answers: list[Answer]

    @property
    def usual(self) -> str:
        return UnderWay.STAY.value if not self.trouble else NOT_NOW


@needs(*seen.IN_CHARGE)
def page(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_playbook(request, pk)
    latest = seen.version_of(playbook, None)
    launches = list(seen.launches_of(request, playbook).exclude(version=latest).exclude(state=Launch.State.ENDED))
    if request.method == "POST":
        for launch in launches:
            _take(request, launch, latest)
        return seen.to_playbook(playbook)
    context = {"playbook": playbook, "latest": latest, "asked": [_asked(launch, latest) for launch in launches]}
    return render(request, "sop/going_over.html", context)


def _asked(launch: Launch, latest: Version) -> Asked:
    figures = underway.under_way(launch, latest)
    trouble = _trouble(launch, latest)
    found = [shown(each) for each in differences(launch.version.book, latest.book)]
    return Asked(launch, figures, found, trouble, list(_answers(figures, launch, latest, trouble)))


def _trouble(launch: Launch, latest: Version) -> str:
    """Why it cannot take the version at all; "": it can."""
    error = what_is_missing(launch, latest)
    return launch_trouble(error) if error else ""


def _answers(figures: underway.UnderWay, launch: Launch, latest: Version, trouble: str) -> Iterator[Answer]:
    if not trouble:
        yield Answer(UnderWay.STAY, _("Go on with the old version"), _stay(figures, launch, latest))
        if figures.runs:
            yield Answer(UnderWay.MOVE, _("Move to the new version from the next step on"), _move(figures))
            yield Answer(UnderWay.ANEW, _("Stop and begin anew with the new version"), _anew(figures))
    named = {"v": launch.version.number}
    later = _("It stays with version %(v)s, for what begins from now on as well. You can come back to this page.") % named
    yield Answer(NOT_NOW, _("Change nothing here"), [later])


def _runs(number: int) -> str:
    return ngettext("%(n)d run under way", "%(n)d runs under way", number) % {"n": number}


def _stay(figures: underway.UnderWay, launch: Launch, latest: Version) -> list[str]:
    new = _("What begins from now on is of version %(v)s.") % {"v": latest.number}
    if not figures.runs:
        return [_("Nothing is under way."), new]
    said = _("%(runs)s: end as they began, with version %(v)s.")
    return [said % {"runs": _runs(figures.runs), "v": launch.version.number}, new]


def _move(figures: underway.UnderWay) -> list[str]:
    found = [_("%(runs)s: what is done stays done, and nothing is said twice.") % {"runs": _runs(figures.runs)}]
    if figures.planned:
        words = ngettext(
            "%(n)d planned step is planned again by the new version.",
            "%(n)d planned steps are planned again by the new version.",
            figures.planned,
        )
        found.append(words % {"n": figures.planned})
    if figures.dropped:
        words = ngettext(
            "%(n)d step that is no more in it is taken back from whoever has it.",
            "%(n)d steps that are no more in it are taken back from whoever has them.",
            figures.dropped,
        )
        found.append(words % {"n": figures.dropped})
    return found


def _anew(figures: underway.UnderWay) -> list[str]:
    found = [_("%(runs)s: stop, and begin again with the first step.") % {"runs": _runs(figures.runs)}]
    if figures.said:
        words = ngettext(
            "%(n)d thing has been said there and would be said again, unless its time is over.",
            "%(n)d things have been said there and would be said again, unless their time is over.",
            figures.said,
        )
        found.append(words % {"n": figures.said})
    if figures.with_people:
        words = ngettext(
            "%(n)d to-do or wait is taken back and asked again.", "%(n)d to-dos and waits are taken back and asked again.",
            figures.with_people,
        )  # fmt: skip
        found.append(words % {"n": figures.with_people})
    if figures.asked:
        words = ngettext("%(n)d still waits for a yes.", "%(n)d still wait for a yes.", figures.asked)
        found.append(words % {"n": figures.asked})
    return found


def _take(request: HttpRequest, launch: Launch, latest: Version) -> None:
    said = request.POST.get(f"launch-{launch.pk}", NOT_NOW)
    if said not in set(UnderWay):
        return
    choice, by, now = UnderWay(said), staff_of(request), timezone.now()
    named = {"launch": _since(launch), "v": latest.number}
    if error := what_is_missing(launch, latest):
        messages.error(request, launch_trouble(error))
        return
    if choice != UnderWay.STAY and underway.under_way(launch, latest).runs > FEW:
        version_work.ask(launch, latest, choice, by=by, now=now)
        messages.success(request, _("%(launch)s: the worker sees to it, some hundred runs at a time.") % named)
        return
    try:
        number = moving.choose(launch, latest, choice, by=by, now=now)
    except CannotLaunch as error:
        messages.error(request, launch_trouble(error))
        return
    messages.success(request, _done(choice, number, named))


def _done(choice: UnderWay, number: int, named: dict[str, object]) -> str:
    if choice == UnderWay.STAY:
        return _("%(launch)s: what begins from now on is of version %(v)s; runs under way end as they began.") % named
    if choice == UnderWay.MOVE:
        words = ngettext(
            "%(launch)s: %(n)d run goes on with version %(v)s.", "%(launch)s: %(n)d runs go on with version %(v)s.", number
        )
    else:
        words = ngettext(
            "%(launch)s: %(n)d run begins anew with version %(v)s.",
            "%(launch)s: %(n)d runs begin anew with version %(v)s.",
            number,
        )
    return words % {**named, "n": number}


def _since(launch: Launch) -> str:
    return _("At work since %(day)s") % {"day": timezone.localtime(launch.began_at).strftime("%Y-%m-%d")}
