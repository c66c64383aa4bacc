"""The number beside "To-dos" in the navigation."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huoqun.console.navigation import Badge
from huoqun.console.permissions import staff_of
from huoqun.ownership.queries import due_today


def badge(request: HttpRequest) -> Badge | None:
    """Red with what is late, else what is due today."""
    due = due_today(staff_of(request), timezone.now(), most=0)
    if due.late:
        return Badge(due.late, _("late to-dos"), tone="red")
    return Badge(due.today, _("to-dos due today"), tone="quiet") if due.today else None
