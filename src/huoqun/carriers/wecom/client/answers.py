"""What every answer of WeCom has. What is absent has its default, what is new is passed over: fields come and go untold."""

from __future__ import annotations

from typing import TypeVar

import msgspec


class Answer(msgspec.Struct):
    errcode: int = 0
    errmsg: str = ""


class Page(Answer):
    next_cursor: str = ""
    """"" at the end."""


T = TypeVar("T", bound=Answer)
