"""The language of commands that run with Django's settings: the terminal's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from huoqun.wiring.audit_words import language_of


@contextmanager
def terminal_language() -> Iterator[None]:
    """Django's gettext speaks it inside; also a decorator."""
    with translation.override(language_of(os.environ)):
        yield
