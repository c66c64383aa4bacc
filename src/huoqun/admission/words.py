"""What became of a welcome, as pages say it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTCOMES: dict[str, str | Promise] = {
    "asked": _("on its way"),
    "sent": _("welcomed"),
    "late": _("too late"),
    "refused": _("not accepted"),
    "unknown": _("nobody knows"),
    "no_code": _("the carrier lets nobody welcome them"),
    "no_text": _("no text for them"),
    "stopped": _("stopped"),
}

BY_REQUEST = {
    "sent": "sent",
    "refused": "refused",
    "unknown": "unknown",
    "expired": "late",
    "cancelled": "stopped",
    "handed": "refused",
}
"""How the outbox ends a request, in our words."""
