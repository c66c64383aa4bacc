"""What every request of the console goes through."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from huoqun.console.models import Staff

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # Tabler's style sheet carries its arrows; the set-up of TOTP its QR code
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class OwnTimeAndTongue:
    """Shows times in the zone and words in the language of the account that is signed in; strangers: by their browser."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        staff = request.user if isinstance(request.user, Staff) else None
        if staff is None:
            with timezone.override(ZoneInfo(settings.DEFAULT_ZONE)):
                return self.get_response(request)
        request.LANGUAGE_CODE = staff.language
        with timezone.override(ZoneInfo(staff.zone)), translation.override(staff.language):
            return self.get_response(request)


class ContentSecurity:
    """Only our own scripts and styles, nothing inline; pages with what people said are not kept by shared caches."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response
