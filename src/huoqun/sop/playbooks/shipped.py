"""Playbooks that come with the product, in the language asked for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .playbook import Playbook
from .reading import read

FOLDER = Path(__file__).resolve().parent.parent / "shipped"
LANGUAGES = ("zh", "en")


@cache
def shipped(language: str) -> tuple[Playbook, ...]:
    """In English for every language that is not Chinese."""
    folder = FOLDER / ("zh" if language.startswith("zh") else "en")
    return tuple(read(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml")))
