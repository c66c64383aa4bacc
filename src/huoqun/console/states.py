"""The mark of a state: colour, shape and word together, so that no colour has to be told apart."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = {
    "disc": '<circle cx="6" cy="6" r="5"/>',
    "ring": '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="2"/>',
    "half": (
        '<circle cx="6" cy="6" r="4.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
        '<path d="M6 1.8a4.2 4.2 0 0 0 0 8.4z"/>'
    ),
    "down": '<path d="M1 2.5h10L6 11z"/>',
    "up": '<path d="M1 9.5h10L6 1z"/>',
    "bar": '<rect x="1" y="4.5" width="10" height="3" rx="1"/>',
    "cross": '<path d="M2.2 1 6 4.8 9.8 1 11 2.2 7.2 6 11 9.8 9.8 11 6 7.2 2.2 11 1 9.8 4.8 6 1 2.2z"/>',
    "flag": '<path d="M2 1h1.5v10H2zM4 1.5h7L9 4l2 2.5H4z"/>',
    "tick": '<path d="M4.6 10.2.8 6.4l1.5-1.5 2.3 2.3 5.1-5.1 1.5 1.5z"/>',
    "dots": '<circle cx="2" cy="6" r="1.6"/><circle cx="6" cy="6" r="1.6"/><circle cx="10" cy="6" r="1.6"/>',
    "square": '<rect x="1.5" y="1.5" width="9" height="9" rx="1.5"/>',
}
"""Drawn in a square of 12."""

TONES = ("good", "calm", "amber", "red", "quiet", "accent")


@dataclass(frozen=True)
class Mark:
    tone: str
    shape: str


UNKNOWN = Mark("quiet", "dots")

_marks: dict[str, Mark] = {
    "thriving": Mark("good", "disc"),
    "steady": Mark("good", "ring"),
    "bubbling": Mark("calm", "half"),
    "declining": Mark("amber", "down"),
    "dormant": Mark("quiet", "bar"),
    "dead": Mark("red", "cross"),
    "planned_end": Mark("accent", "flag"),
    "unheard": Mark("quiet", "square"),
    "waiting": Mark("quiet", "dots"),
    "running": Mark("accent", "half"),
    "reading": Mark("accent", "half"),
    "done": Mark("good", "tick"),
    "failed": Mark("red", "cross"),
    "cancelled": Mark("quiet", "bar"),
    "undone": Mark("quiet", "bar"),
    "undoing": Mark("accent", "half"),
    "active": Mark("good", "tick"),
    "inactive": Mark("quiet", "bar"),
}


def mark(code: str, *, tone: str, shape: str) -> None:
    """Say how a state of your room looks. Raises ValueError for a tone or shape that is not drawn."""
    if tone not in TONES or shape not in SHAPES:
        raise ValueError(f"the mark of {code!r}: tone one of {', '.join(TONES)}; shape one of {', '.join(SHAPES)}")
    _marks[code] = Mark(tone, shape)


def mark_of(code: str) -> Mark:
    return _marks.get(code, UNKNOWN)
