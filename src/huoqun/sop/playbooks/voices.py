"""What each persona of a playbook says."""

from __future__ import annotations

from collections.abc import Iterator

from huoqun.sop.parts.shape import Words
from huoqun.sop.playbooks.playbook import Playbook
from huoqun.sop.steps import Step


def said_by(step: Step) -> Iterator[tuple[str, Words]]:
    """Its texts, by the field they stand in."""
    for name in ("words", "script", "farewell"):
        said = getattr(step, name, None)
        if isinstance(said, Words):
            yield name, said


def sounds_different(book: Playbook, one: str, other: str) -> frozenset[str]:
    """Keys of the steps which the one persona says with other words than the other; "" is the plain text."""
    return frozenset(
        step.key
        for step in book.steps
        if any(words.personas.get(one, words.text) != words.personas.get(other, words.text) for _name, words in said_by(step))
    )
