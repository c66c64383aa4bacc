"""The conversation archive of a company: how far behind reading is, whom it hears, its keys, and what it could not read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from huoqun.carriers import operations as carriers
from huoqun.carriers import queries as heard
from huoqun.carriers.models import Connection
from huoqun.carriers.wecom.archive import operations, queries, rules
from huoqun.carriers.wecom.archive.codes import LibraryMissing
from huoqun.carriers.wecom.archive.library import named_functions
from huoqun.carriers.wecom.models import Archive, ArchiveFile, ArchiveHeld, ArchiveKey, Corp
from huoqun.carriers.wecom.operations import companies
from huoqun.carriers.wecom.operations.companies import Described
from huoqun.carriers.wecom.pages import seen
from huoqun.carriers.wecom.pages.archive_forms import SetUpForm, SupplyForm, VersionForm
from huoqun.console import states
from huoqun.console.figures import count_words, share_words, span_words
from huoqun.console.permissions import Role, may, needs, staff_of

IN_CHARGE = (Role.ADMIN, Role.LEAD)
KEYS_ANCHOR = "#keys"

states.mark("archive_current", tone="good", shape="tick")
states.mark("archive_behind", tone="amber", shape="half")
states.mark("archive_danger", tone="red", shape="flag")
states.mark("archive_silent", tone="quiet", shape="dots")


@dataclass(frozen=True, slots=True)
class KeyRow:
    key: ArchiveKey
    waiting: int
    """Records of its version that do not open."""


@needs(*IN_CHARGE)
@never_cache
def page(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    return show(request, seen.company(request, pk))


def show(request: HttpRequest, corp: Corp, *, status: int = 200, **filled: forms.Form) -> HttpResponse:
    archive, now = queries.archive_of(corp), timezone.now()
    context: dict[str, Any] = {
        "corp": corp,
        "archive": archive,
        "mine": may(request.user, Role.ADMIN),
        **_reading(corp, archive, now=now),
        **_coverage(corp, archive),
        **_keys(corp),
        "strange": queries.raw_by_kind(corp),
        "files": file_words(corp),
        "gaps": queries.gaps(corp)[:10],
        "set_up": SetUpForm(initial={"file_limit_mb": archive.file_limit_mb, "proxy": archive.proxy}),
        "supply": SupplyForm(),
        **filled,
    }
    return render(request, "wecom/archive.html", context, status=status)


def _reading(corp: Corp, archive: Archive, *, now: datetime) -> dict[str, Any]:
    connection = _connection(corp)
    lag = rules.lag(progress_of(archive), now=now)
    return {
        "sentence": sentence(corp, connection, lag),
        "mark": mark(connection, lag),
        "danger": lag.dangerous,
        "trouble": _(connection.trouble) if connection and connection.trouble else _(missing_library()),
        "heard": connection,
    }


def _connection(corp: Corp) -> Connection | None:
    account = corp.archive_account
    return heard.connections([corp.community]).filter(carrier=account.carrier, name=account.name).first()


def missing_library() -> str:
    """Why there is no library, as an English sentence; "" where there is one."""
    try:
        named_functions(settings.WECOM_ARCHIVE_LIBRARY)
    except LibraryMissing as missing:
        return missing.sentence
    return ""


def progress_of(archive: Archive) -> rules.Progress:
    return rules.Progress(
        asked_at=archive.asked_at,
        newest_at=archive.newest_at,
        more=archive.more,
        behind_since=archive.behind_since,
        behind_from=archive.behind_from,
    )


def sentence(corp: Corp, connection: Connection | None, lag: rules.Lag) -> str:
    """How far reading is, in one sentence."""
    if not corp.archive_secret or connection is None:
        return _("The archive is not read yet: its secret is missing.")
    if lag.caught_up is None:
        return _("The archive has not answered yet.")
    span = {"span": span_words(lag.behind.total_seconds())}
    if lag.caught_up:
        if lag.behind < rules.SHORT:
            return _("Everything in the archive is read.")
        return _("Everything was read %(span)s ago; since then the archive has not answered.") % span
    if lag.ready_in is None:
        return _("Reading is %(span)s behind.") % span
    ready = span_words(lag.ready_in.total_seconds())
    return _("Reading is %(span)s behind, and will have caught up in %(ready)s.") % {**span, "ready": ready}


def mark(connection: Connection | None, lag: rules.Lag) -> tuple[str, str]:
    """Code and word of the state."""
    if connection is None or lag.caught_up is None:
        return "archive_silent", _("not read")
    if lag.dangerous:
        return "archive_danger", _("about to lose records")
    if lag.caught_up and lag.behind < rules.SHORT:
        return "archive_current", _("up to date")
    return "archive_behind", _("behind")


def _coverage(corp: Corp, archive: Archive) -> dict[str, Any]:
    counts = queries.coverage_counts(corp)
    return {
        "covered": coverage_sentence(counts),
        "counts": counts,
        "licences": len(archive.licensed),
        "coverage_trouble": _(archive.coverage_trouble) if archive.coverage_trouble else "",
        "blind": [row for row in queries.coverage(corp)[:10] if row.checked_at and not row.licensed],
    }


def coverage_sentence(counts: dict[str, int]) -> str:
    if not counts["checked"]:
        return _("Nobody has looked yet which groups the archive hears.")
    shares = {"share": share_words(counts["reached"], counts["checked"])}
    said = _("The archive hears %(share)s groups: those in which a colleague with a licence is a member.") % shares
    left = counts["known"] - counts["checked"]
    if not left:
        return said
    more = ngettext("%(n)s group is still to be looked at.", "%(n)s groups are still to be looked at.", left)
    return f"{said} {more % {'n': count_words(left)}}"


def _keys(corp: Corp) -> dict[str, Any]:
    held = queries.held_by_version(corp)
    waiting = {version: number for version, why, number in held if why != ArchiveHeld.Why.DAMAGED}
    rows = [KeyRow(key, waiting.get(key.version or 0, 0)) for key in queries.keys(corp)]
    named = {row.key.version for row in rows}
    return {
        "keys": rows,
        "locked": held_sentences(held),
        "missing_versions": sorted(version for version in waiting if version not in named),
        "unnamed": [row for row in rows if row.key.version is None],
        "name_form": VersionForm(),
    }


def held_sentences(held: list[tuple[int, str, int]]) -> list[str]:
    """What waits for which key, and what helps."""
    return [
        _held_words(ArchiveHeld.Why(why), number) % {"n": count_words(number), "version": version}
        for version, why, number in held
    ]


def _held_words(why: ArchiveHeld.Why, number: int) -> str:
    if why is ArchiveHeld.Why.NO_KEY:
        return ngettext(
            "%(n)s record waits for the key of version %(version)s. Supply it, and the record is read.",
            "%(n)s records wait for the key of version %(version)s. Supply it, and they are read.",
            number,
        )
    if why is ArchiveHeld.Why.WRONG_KEY:
        return ngettext(
            "%(n)s record of version %(version)s does not open with its key. Supply the right one.",
            "%(n)s records of version %(version)s do not open with their key. Supply the right one.",
            number,
        )
    return ngettext(
        "WeCom's library cannot open %(n)s record of version %(version)s. It is kept, and tried again with each new key.",
        "WeCom's library cannot open %(n)s records of version %(version)s. They are kept, and tried again with each new key.",
        number,
    )


def file_words(corp: Corp) -> list[tuple[str, str, str]]:
    """(state, its word, how many) of the files."""
    counts = queries.files_by_state(corp)
    return [
        (state.value, str(state.label), count_words(counts[state.value][0]))
        for state in ArchiveFile.State
        if state.value in counts
    ]


@sensitive_post_parameters("archive_secret", "proxy_password")
@needs(Role.ADMIN)
@require_POST
def set_up(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """From now on the archive is read, where there is a secret."""
    corp, form = seen.company(request, pk), SetUpForm(request.POST)
    if not form.is_valid():
        return show(request, corp, status=422, set_up=form)
    values = dict(form.cleaned_data)
    corp = companies.describe(corp, Described(archive_secret=values.pop("archive_secret")))
    operations.set_up(corp, **values)
    if corp.archive_secret:
        carriers.connect(corp.archive_account, now=timezone.now())
    messages.success(request, _("Saved."))
    return back(corp)


@needs(*IN_CHARGE)
@require_POST
def check(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    operations.check_all_again(corp, now=timezone.now())
    messages.success(request, _("A worker is about to look at every group again."))
    return back(corp)


@needs(Role.ADMIN)
@require_POST
def make_key(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    corp = seen.company(request, pk)
    operations.make_key(corp, by=staff_of(request), now=timezone.now())
    messages.success(request, _("The pair is made. Put its public key into the WeCom console."))
    return back(corp, KEYS_ANCHOR)


@sensitive_post_parameters("private")
@needs(Role.ADMIN)
@require_POST
def supply_key(request: HttpRequest, pk: int, **wired: object) -> HttpResponse:
    """A key that was made elsewhere; records that waited for it are read."""
    corp, form = seen.company(request, pk), SupplyForm(request.POST)
    if form.is_valid():
        pair, version = form.cleaned_data["private"], form.cleaned_data["version"]
        if operations.keep_key(corp, pair, version=version, by=staff_of(request), now=timezone.now()):
            messages.success(request, _("Kept. What waited for it is read within seconds."))
            return back(corp, KEYS_ANCHOR)
        form.add_error("version", _("There is another key of this version, or this key has another one."))
    return show(request, corp, status=422, supply=form)


@needs(Role.ADMIN)
@require_POST
def name_key(request: HttpRequest, pk: int, key: int, **wired: object) -> HttpResponse:
    """Says which version a key is."""
    corp, form = seen.company(request, pk), VersionForm(request.POST)
    found = queries.keys(corp).filter(pk=key).first()
    version = form.cleaned_data["version"] if form.is_valid() else None
    if found is None or version is None or not operations.set_version(found, version):
        messages.error(request, _("Give a version no other key has: the number WeCom shows beside the public key."))
    else:
        messages.success(request, _("Saved."))
    return back(corp, KEYS_ANCHOR)


def back(corp: Corp, anchor: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("wecom:archive", args=[corp.pk]) + anchor)
