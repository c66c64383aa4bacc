"""What can go wrong here, named after what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huoqun.admission.models import Welcome


class SourceTaken(ValueError):
    """Those who come by this have a text already: change that one. `welcome` is it."""

    def __init__(self, welcome: Welcome) -> None:
        super().__init__(f"there is a welcome for {welcome.source!r} already")
        self.welcome = welcome


class NoCarrier(LookupError):
    """No live account of the community could do it: connect one."""
