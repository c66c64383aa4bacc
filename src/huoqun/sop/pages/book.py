"""One playbook: its steps as a line of time, its versions, and what became of it."""

from __future__ import annotations

import json
from typing import Any

import yaml
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.sop.errors import CannotLaunch
from huoqun.sop.models import Launch, Playbook, Version
from huoqun.sop.operations import keeping, renewing
from huoqun.sop.pages import seen, telling
from huoqun.sop.pages.starting import launch_trouble
from huoqun.sop.playbooks.differences import Change, Difference, differences
from huoqun.sop.playbooks.plain import schema as plain_schema
from huoqun.sop.playbooks.playbook import Playbook as Book
from huoqun.sop.playbooks.reading import write
from huoqun.sop.playbooks.shipped import shipped

SHOWN = 20


def described(book: Book) -> dict[str, Any]:
    """What `sop/steps.html` and the facts beside it need."""
    return {
        "book": book,
        "steps": telling.told(book),
        "starts": telling.starts(book),
        "audience": telling.audience_words(book.audience),
        "aim": telling.aim_words(book),
    }


@needs()
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_playbook(request, pk)
    version = seen.version_of(playbook, request.GET.get("version"))
    versions = list(playbook.versions.select_related("made_by")[:SHOWN])
    launches = list(seen.launches(request).filter(version__playbook=playbook).select_related("began_by")[:SHOWN])
    context = described(version.book) | {
        "playbook": playbook,
        "version": version,
        "versions": versions,
        "is_latest": version.number == versions[0].number,
        "latest": versions[0],
        "before": version.number - 1,
        "launches": launches,
        "behind": [each for each in launches if each.state != Launch.State.ENDED and each.version_id != versions[0].pk],
        "may_write": may(request.user, *WORKERS),
        "may_lead": seen.may_lead(request),
    }
    return render(request, "sop/playbook.html", context)


def shipped_one(name: str) -> Book:
    for book in shipped(get_language() or "zh"):
        if book.name == name:
            return book
    raise Http404


@needs()
@require_GET
def shipped_page(request: HttpRequest, name: str) -> HttpResponse:
    context = described(shipped_one(name)) | {
        "may_write": may(request.user, *WORKERS),
        "communities": looking.seen(request) if seen.home(request) is None else [],
    }
    return render(request, "sop/shipped.html", context)


@needs(*WORKERS)
@require_POST
def take(request: HttpRequest, name: str) -> HttpResponse:
    """A shipped one becomes the community's own, to be changed and put to work. Taken again it is a new version."""
    slug = request.POST.get("community", "")
    home = next((each for each in looking.seen(request) if each.slug == slug), None) if slug else looking.chosen(request)
    if home is None:
        raise Http404
    note = _("as it ships")
    version = keeping.keep(shipped_one(name), home, by=staff_of(request), now=timezone.now(), note=note)
    messages.success(request, _("It is yours now: change what you like."))
    return to_playbook(version.playbook)


def to_playbook(playbook: Playbook) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("sop:playbook", args=[playbook.pk]))


# As a file


@needs()
@require_GET
def as_yaml(request: HttpRequest, pk: int) -> HttpResponse:
    version = seen.version_of(seen.one_playbook(request, pk), request.GET.get("version"))
    return _file(write(version.book), f"{version.playbook.name}-{version.number}.yaml")


@needs()
@require_GET
def shipped_yaml(request: HttpRequest, name: str) -> HttpResponse:
    return _file(write(shipped_one(name)), f"{name}.yaml")


def _file(text: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=disposition)


@needs()
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    answer = JsonResponse(plain_schema(), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = 'attachment; filename="huoqun-playbook.schema.json"'
    return answer


# Versions


@needs()
@require_GET
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_playbook(request, pk)
    after = seen.version_of(playbook, request.GET.get("to"))
    before = seen.version_of(playbook, request.GET.get("from") or max(1, after.number - 1))
    found = differences(before.book, after.book)
    context = {
        "playbook": playbook,
        "before": before,
        "after": after,
        "differences": [_shown(each) for each in found],
        "versions": playbook.versions.values_list("number", flat=True),
    }
    return render(request, "sop/changes.html", context)


def _shown(difference: Difference) -> dict[str, str]:
    sentences = {
        Change.ADDED: _("The step “%(step)s” is new."),
        Change.REMOVED: _("The step “%(step)s” is gone."),
        Change.MOVED: _("The step “%(step)s” stands in another place."),
        Change.CHANGED: _("“%(field)s” of the step “%(step)s” is different.")
        if difference.step
        else _("“%(field)s” of the playbook is different."),
    }
    said = {"step": difference.step, "field": difference.field}
    moved = difference.change == Change.MOVED
    return {
        "sentence": sentences[difference.change] % said,
        "before": "" if moved else _as_text(difference.before),
        "after": "" if moved else _as_text(difference.after),
    }


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    text: str = yaml.safe_dump(json.loads(json.dumps(value, default=str)), allow_unicode=True, sort_keys=False, width=100)
    return text.removesuffix("...\n").strip()


@needs(*WORKERS)
@require_POST
def back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = seen.version_of(seen.one_playbook(request, pk), number)
    made = keeping.roll_back(version, by=staff_of(request), now=timezone.now())
    said = {"old": version.number, "new": made.number}
    messages.success(request, _("Version %(old)s is the latest again, as version %(new)s.") % said)
    return to_playbook(made.playbook)


@needs(*seen.IN_CHARGE)
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """Launches go on with the latest version; runs under way end with the one they began with."""
    latest = seen.version_of(seen.one_playbook(request, pk), None)
    number = 0
    for launch in _behind(request, latest):
        try:
            number += renewing.renew(launch, latest)
        except CannotLaunch as error:
            messages.error(request, launch_trouble(error))
    if number:
        words = ngettext(
            "%(n)d launch goes on with version %(v)d. Runs under way end with the one they began with.",
            "%(n)d launches go on with version %(v)d. Runs under way end with the one they began with.",
            number,
        )
        messages.success(request, words % {"n": number, "v": latest.number})
    return to_playbook(latest.playbook)


def _behind(request: HttpRequest, latest: Version) -> list[Launch]:
    rows = seen.launches(request).filter(version__playbook=latest.playbook).exclude(state=Launch.State.ENDED)
    return list(rows.exclude(version=latest))
