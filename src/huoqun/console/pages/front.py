"""The first address, the pulse, and what is shown when something goes wrong."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import requires_csrf_token

from huoqun.console import navigation
from huoqun.console.permissions import NotYourRole, needs, staff_of


@needs()
def home(request: HttpRequest) -> HttpResponse:
    """On to the first page of the navigation: which room that is, is said there."""
    first = navigation.items_for(staff_of(request).role)[0]
    return HttpResponseRedirect(reverse(first.url_name))


@needs()
def tallies(request: HttpRequest) -> HttpResponse:
    """The numbers in the navigation, asked for by every page once it is there."""
    return render(request, "console/parts/tallies.html", {"badges": navigation.badges(request, staff_of(request).role)})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers; for whoever watches the process. An unreachable database is a 500."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse("ok\n", content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "console/errors/400.html", status=400)


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    why = str(exception) if isinstance(exception, NotYourRole) else ""
    return render(request, "console/errors/403.html", {"why": why}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "console/errors/404.html", status=404)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check of forms failed: nearly always a page left open over a sign-out."""
    return render(request, "console/errors/stale.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Neither database nor account is asked here: they may be what is broken."""
    return render(None, "console/errors/500.html", status=500)


def too_often(request: HttpRequest) -> HttpResponse:
    """What allauth shows when its own limits are reached."""
    return render(request, "console/errors/429.html", status=429)
