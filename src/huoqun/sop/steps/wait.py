"""Nothing goes on until something has happened, or until it has not."""

from __future__ import annotations

from typing import Literal

from huoqun.sop.parts.lapse import Lapse
from huoqun.sop.parts.shape import Base


class Wait(Base, frozen=True, kw_only=True, tag_field="do", tag="wait"):
    """For a time (nothing but `limit`), a fact, or an answer to what an earlier step said; at most as long as `limit`."""

    limit: Lapse
    fact: Literal["", "spoke", "answered", "bought", "left", "todo_done"] = ""
    """spoke: the member (or anybody but the house) said something; answered: what `said` said was; bought; left."""
    said: str = ""
    """Key of the step whose words are waited for an answer to, or whose to-do for being done."""
    otherwise: Literal["go_on", "end"] = "go_on"
    """When the limit has passed."""
