"""One call as it came in: its fields read with the strictness of the real interface."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from .apps import App
from .errors import Refusal

BAD = 40058


class Request:
    """`fields` are the JSON body of a POST and the query of a GET; absent means default, null counts as absent."""

    def __init__(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str],
        headers: Mapping[str, str],
        body: bytes = b"",
        ip: str = "127.0.0.1",
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        """Names in lower case."""
        self.body = body
        self.ip = ip
        self.rest = ""
        """What follows the prefix a control call was registered with."""
        self._app: App | None = None

    @property
    def app(self) -> App:
        """Whose token it came with."""
        if self._app is None:
            raise Refusal(41001)
        return self._app

    def came_from(self, app: App) -> None:
        self._app = app

    @cached_property
    def json(self) -> dict[str, Any]:
        """The body, whatever Content-Type says."""
        if not self.body.strip():
            return {}
        try:
            read = json.loads(self.body.decode("utf-8-sig"), strict=False)
        except (ValueError, RecursionError):
            raise Refusal(47001) from None
        if not isinstance(read, dict):
            raise Refusal(47001)
        return read

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        return self.query if self.method == "GET" else self.json

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The body as a page's form sends it."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    # Each reader raises Refusal(wrong) for a value of the wrong kind and Refusal(missing) for an absent or empty one.

    def text(self, name: str, *, missing: int = BAD, wrong: int = BAD, most: int | None = None) -> str:
        found = self.text_or(name, wrong=wrong, most=most)
        if not found:
            raise Refusal(missing)
        return found

    def text_or(self, name: str, default: str = "", *, wrong: int = BAD, most: int | None = None) -> str:
        value = self.fields.get(name)
        if value is None:
            return default
        if not isinstance(value, str) or (most is not None and len(value) > most):
            raise Refusal(wrong)
        return value

    def number(
        self, name: str, default: int | None = None, *, low: int | None = None, high: int | None = None, wrong: int = BAD
    ) -> int:
        value = whole(self.fields.get(name), wrong)
        if value is None:
            if default is None:
                raise Refusal(wrong)
            return default
        if (low is not None and value < low) or (high is not None and value > high):
            raise Refusal(wrong)
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.fields.get(name)
        if value is None:
            return default
        if isinstance(value, str) and self.method == "GET":
            return value in {"1", "true"}
        if not isinstance(value, bool) and value not in (0, 1):
            raise Refusal(BAD)
        return bool(value)

    def texts(
        self, name: str, *, most: int | None = None, missing: int | None = None, wrong: int = BAD, too_many: int = BAD
    ) -> list[str]:
        return texts_in(self.fields, name, most=most, missing=missing, wrong=wrong, too_many=too_many)

    def object(self, name: str) -> dict[str, Any]:
        value = self.fields.get(name)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise Refusal(BAD)
        return value


def whole(value: Any, wrong: int = BAD) -> int | None:
    """A whole number; digits in quotes and true/false are let pass, as clients in looser languages send them."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and len(value) < 20 and value.lstrip("-").isascii() and value.lstrip("-").isdigit():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, int):
        raise Refusal(wrong)
    return value


def texts_in(
    fields: Mapping[str, Any],
    name: str,
    *,
    most: int | None = None,
    missing: int | None = None,
    wrong: int = BAD,
    too_many: int = BAD,
) -> list[str]:
    value = fields.get(name)
    if value is None:
        value = []
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(entry, str) for entry in value):
        raise Refusal(wrong)
    if not value and missing is not None:
        raise Refusal(missing)
    if most is not None and len(value) > most:
        raise Refusal(too_many)
    return list(dict.fromkeys(value))
