"""What this room's templates write with."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from huoqun.console.templatetags.console import state
from huoqun.health.pages.words import estimate_words, state_words, way_words

register = template.Library()


@register.simple_tag
def state_of(code: str) -> SafeString:
    """A group's state as colour, shape and word."""
    return state(code, state_words(code))


@register.filter
def way(code: str) -> str:
    """How somebody came into a group."""
    return way_words(code)


@register.filter
def about(number: float | None) -> str:
    """An estimate, as whole as it deserves."""
    return estimate_words(number)
