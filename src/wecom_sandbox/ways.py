"""Join ways and contact ways (live codes): what a printed QR code leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from .errors import Refusal


@dataclass(slots=True)
class JoinWay:
    config_id: str
    maker: str
    """The secret of the app which made it."""
    scene: int
    remark: str = ""
    auto_create_room: int = 1
    room_base_name: str = ""
    room_base_id: int = 1
    chat_id_list: list[str] = field(default_factory=list)
    state: str = ""
    created_at: int = 0


@dataclass(slots=True)
class ContactWay:
    config_id: str
    maker: str
    type: int
    scene: int
    style: int = 0
    remark: str = ""
    skip_verify: bool = True
    state: str = ""
    user: list[str] = field(default_factory=list)
    party: list[int] = field(default_factory=list)
    is_temp: bool = False
    expires_in: int = 7 * 86_400
    chat_expires_in: int = 86_400
    unionid: str = ""
    conclusions: dict[str, Any] = field(default_factory=dict)
    created_at: int = 0
    turn: int = 0
    """How often it was scanned: colleagues take turns."""


Way = TypeVar("Way", JoinWay, ContactWay)


class Ways(Generic[Way]):
    """Only the app which made one can read or change it."""

    def __init__(self) -> None:
        self._order: list[Way | None] = []
        self._place: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._place)

    def add(self, way: Way) -> Way:
        self._place[way.config_id] = len(self._order)
        self._order.append(way)
        return way

    def find(self, config_id: str) -> Way | None:
        place = self._place.get(config_id)
        return None if place is None else self._order[place]

    def of_app(self, config_id: str, secret: str) -> Way:
        """Raises Refusal(41044)."""
        found = self.find(config_id)
        if found is None or found.maker != secret:
            raise Refusal(41044)
        return found

    def drop(self, config_id: str) -> None:
        self._order[self._place.pop(config_id)] = None

    def walk(self, start: int = 0) -> Iterator[tuple[int, Way]]:
        for place in range(start, len(self._order)):
            way = self._order[place]
            if way is not None:
                yield place, way
