"""How people get in: no sign-up from outside; an administrator makes accounts, the first start makes the first one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves, and nothing chats about a sign-in that went as it should."""

    silent = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *more: Any, **named: Any
    ) -> None:
        if message_template not in self.silent or level >= messages.ERROR:
            super().add_message(request, level, message_template, *more, **named)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Too many wrong passwords: how long to wait, and what else helps."""
    return render(request, "console/locked_out.html", status=429)


def counted_as(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whom a wrong password is counted against: the same account, however its name is written."""
    return str((credentials or {}).get("username") or request.POST.get("login", "")).casefold()[:150]
