"""Events and facts as the text the log keeps."""

from __future__ import annotations

from functools import cache

import msgspec

from huoqun.vocabulary.events import EVENTS, Event
from huoqun.vocabulary.facts import FACTS, Fact

_encoder = msgspec.json.Encoder()


def written(what: Event | Fact) -> str:
    """Raises UnicodeEncodeError for text that is no Unicode (half of a surrogate pair)."""
    return _encoder.encode(what).decode()


def read(name: str, payload: str) -> Event | Fact:
    """Raises msgspec.ValidationError where this version does not know the shape any more. Fields added since have their
    default, fields gone since are passed over.
    """
    return _decoder(name).decode(payload)


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Event | Fact]:
    kind = EVENTS.get(name) or FACTS.get(name)
    if kind is None:
        raise msgspec.ValidationError(f"this version knows no event or fact called {name}")
    return msgspec.json.Decoder(kind)
