"""What pages call kinds and states."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huoqun.growth.rules import Kind, State

KINDS: dict[str, Promise] = {
    Kind.JOIN: _("into a group"),
    Kind.CONTACT: _("adding a colleague"),
}
STATES: dict[str, Promise] = {
    State.ASKED: _("being made"),
    State.LIVE: _("live"),
    State.BY_HAND: _("made by hand"),
    State.FAILED: _("could not be made"),
    State.ENDED: _("ended"),
}
