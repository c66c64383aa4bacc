"""Who works in what is looked at: asked for once a request."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from huoqun.community.pages import looking
from huoqun.console.models import Staff
from huoqun.ownership import queries

LEADS = "leads"
"""Stands for nobody in particular."""


def colleagues(request: HttpRequest) -> list[Staff]:
    known = getattr(request, "_colleagues", None)
    if known is None:
        known = list(queries.workers(looking.looked_at(request)).order_by("username"))
        request._colleagues = known  # type: ignore[attr-defined]
    return cast("list[Staff]", known)


def choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [(LEADS, _("the leads")), *((str(one.pk), str(one)) for one in colleagues(request))]


class Somebody(forms.TypedChoiceField):
    """One of them; None: the leads."""

    def __init__(self, request: HttpRequest, **more: Any) -> None:
        there = {str(one.pk): one for one in colleagues(request)}
        super().__init__(choices=choices(request), coerce=there.get, empty_value=None, **more)
