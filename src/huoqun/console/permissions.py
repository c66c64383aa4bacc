"""Who may do what, by role. What somebody may see (scopes) is decided in `community.queries`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from huoqun.console.models import Role, Staff

View = Callable[..., HttpResponseBase]

WORKERS = (Role.ADMIN, Role.LEAD, Role.OPERATOR)
"""Everybody who may change something. Observers look."""


class NotYourRole(PermissionDenied):
    """The refusal page shows which roles may do this."""

    def __init__(self, roles: tuple[Role, ...]) -> None:
        super().__init__(_("This needs the role: %(roles)s.") % {"roles": _(" or ").join(str(role.label) for role in roles)})


def staff_of(request: HttpRequest) -> Staff:
    """The signed-in account. Raises PermissionDenied for a stranger; pages behind the sign-in never see that."""
    if not isinstance(request.user, Staff):
        raise PermissionDenied
    return request.user


def may(staff: object, *roles: Role) -> bool:
    return isinstance(staff, Staff) and staff.is_active and (not roles or staff.role in roles)


def needs(*roles: Role) -> Callable[[View], View]:
    """Only these roles get through; everybody else is told which role it needs. No role: everybody signed in."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, *roles):
                raise NotYourRole(roles)
            return view(request, *args, **kwargs)

        return guarded

    return guard


class Needs:
    """The same for class-based views: `class AddTag(Needs, View): roles = (Role.ADMIN, Role.LEAD)`; it stands first."""

    roles: tuple[Role, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: View = super().dispatch  # type: ignore[misc]
        return needs(*self.roles)(answer)(request, *args, **kwargs)


__all__ = ["WORKERS", "Needs", "NotYourRole", "Role", "may", "needs", "staff_of"]
