"""One playbook: its steps as a line of time, its versions, and what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from huoqun.community.pages import looking
from huoqun.console.permissions import WORKERS, may, needs, staff_of
from huoqun.sop.errors import StillAtWork
from huoqun.sop.models import Launch
from huoqun.sop.operations import keeping
from huoqun.sop.pages import saying, seen, telling
from huoqun.sop.pages.different import shown
from huoqun.sop.playbooks.differences import differences
from huoqun.sop.playbooks.playbook import Playbook as Book
from huoqun.sop.playbooks.reading import write
from huoqun.sop.playbooks.schema import document as schema_document
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
        "holidays": telling.holidays_words(book),
        "holidays_note": saying.holidays_note(book, now=timezone.now()),
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
        "may_write": may(request.user, *WORKERS) and playbook.archived_at is None,
        "may_lead": seen.may_lead(request),
        "archived": playbook.archived_at,
        "elsewhere": [home for home in looking.seen(request) if home.pk != playbook.community_id],
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
    return seen.to_playbook(version.playbook)


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


@login_not_required
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """For everybody, also those who have not signed in: editors fetch it by its address, and it says nothing of anybody."""
    answer = HttpResponse(schema_document(), content_type="application/json")
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
        "differences": [shown(each) for each in found],
        "versions": playbook.versions.values_list("number", flat=True),
    }
    return render(request, "sop/changes.html", context)


@needs(*WORKERS)
@require_POST
def back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    version = seen.version_of(seen.one_playbook(request, pk), number)
    made = keeping.roll_back(version, by=staff_of(request), now=timezone.now())
    said = {"old": version.number, "new": made.number}
    messages.success(request, _("Version %(old)s is the latest again, as version %(new)s.") % said)
    return seen.onward(request, made)


@needs(*WORKERS)
@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Another community gets it as its own: from then on each changes theirs."""
    version = seen.version_of(seen.one_playbook(request, pk), request.POST.get("version"))
    home = next((each for each in looking.seen(request) if each.slug == request.POST.get("community", "")), None)
    if home is None or home.pk == version.playbook.community_id:
        raise Http404
    note = _("from %(community)s, version %(v)s") % {"community": version.playbook.community, "v": version.number}
    made = keeping.keep(version.book, home, by=staff_of(request), now=timezone.now(), note=note)
    messages.success(request, _("%(community)s has it now.") % {"community": home})
    return seen.to_playbook(made.playbook)


# Not offered any more


@needs(*seen.IN_CHARGE)
@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_playbook(request, pk)
    try:
        keeping.archive(playbook, now=timezone.now())
    except StillAtWork as still:
        words = ngettext(
            "It is at work in %(n)d place: end that first. What has been done stays in its history.",
            "It is at work in %(n)d places: end those first. What has been done stays in its history.",
            still.launches,
        )
        messages.error(request, words % {"n": still.launches})
        return seen.to_playbook(playbook)
    messages.success(request, _("Archived: it is not offered any more, its versions and runs stay."))
    return seen.to_playbook(playbook)


@needs(*seen.IN_CHARGE)
@require_POST
def unarchive(request: HttpRequest, pk: int) -> HttpResponse:
    playbook = seen.one_playbook(request, pk)
    keeping.unarchive(playbook)
    messages.success(request, _("It is offered again."))
    return seen.to_playbook(playbook)
