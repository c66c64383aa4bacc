"""Actions and quiet hours as the text a row keeps."""

from __future__ import annotations

from functools import cache

import msgspec

from huoqun.outbox.rules.quiet import QuietHours
from huoqun.vocabulary.actions import ACTIONS, Action
from huoqun.vocabulary.outcomes import Failed

_encoder = msgspec.json.Encoder()
_hours = msgspec.json.Decoder(QuietHours)
_failures = msgspec.json.Decoder(tuple[Failed, ...])


def written(what: Action | QuietHours | tuple[Failed, ...]) -> str:
    """Raises UnicodeEncodeError for text that is no Unicode (half of a surrogate pair)."""
    return _encoder.encode(what).decode()


def action(name: str, payload: str) -> Action:
    """Raises msgspec.ValidationError where this version does not know the shape any more."""
    return _decoder(name).decode(payload)


def quiet(text: str) -> QuietHours | None:
    return _hours.decode(text) if text else None


def failed(text: str) -> tuple[Failed, ...]:
    return _failures.decode(text) if text else ()


@cache
def _decoder(name: str) -> msgspec.json.Decoder[Action]:
    kind = ACTIONS.get(name)
    if kind is None:
        raise msgspec.ValidationError(f"this version knows no action called {name}")
    return msgspec.json.Decoder(kind)
