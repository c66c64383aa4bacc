"""Groups whose fate follows from what ails them: people are played one by one, and the talk runs dry, or not, by itself."""

from __future__ import annotations

from .make import make_cases
from .settings import DEVELOPMENT, SETTINGS, UNSEEN, Settings

__all__ = ["DEVELOPMENT", "SETTINGS", "UNSEEN", "Settings", "make_cases"]
