"""A person's hand where no account acts: whatever is asked is prepared for somebody of the house. Behaves like a carrier."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.vocabulary.actions import ACTIONS
from huoqun.vocabulary.outcomes import NeedsHand, Outcome

from .base import Ability, Asked, Manifest, gettext_noop

NAME = "hand"
"""What an account is called that is nobody's connection: what goes through it is done by hand."""
WHY = gettext_noop("No live account is in this group: somebody does it by hand.")

MANIFEST = Manifest(
    name=NAME,
    title=gettext_noop("by hand"),
    abilities={name: Ability(how="hand", why=WHY) for name in ACTIONS},
)


class ByHand:
    """Sends nothing, ever."""

    manifest = MANIFEST

    def send(self, asked: Asked) -> Outcome:
        return NeedsHand(reason=WHY)

    def send_many(self, asked: Sequence[Asked]) -> list[Outcome]:
        return [self.send(one) for one in asked]

    def look_up(self, asked: Asked) -> Outcome | None:
        return None
