"""Makes believable communities with planted truth: who is a bot, which group died when, and why. Imports nothing of huoqun."""

from __future__ import annotations

from .make import World, make

__all__ = ["World", "make"]
