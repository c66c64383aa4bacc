"""Why a live account is not heard, in plain words. Pages translate them."""

from __future__ import annotations

from huoqun.carriers.base import gettext_noop

UNREACHABLE = gettext_noop("The carrier does not answer. It is asked again by itself and tells then what was missed.")
NOBODY = gettext_noop("This version of Huoqun knows no carrier of this name. Install one that does; nothing is lost.")
UNEXPECTED = gettext_noop("An error nobody expected. It is tried again by itself; what happened is in the worker's log.")

NOT_KEPT = gettext_noop("This update of the carrier cannot be kept. Report it with the record shown here.")
"""Of one record."""
