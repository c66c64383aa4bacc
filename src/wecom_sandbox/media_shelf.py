"""What was uploaded: kept three days, or for ever as a picture with an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .errors import Refusal

if TYPE_CHECKING:
    from .company import Company

LIFE = 3 * 86_400
MB = 1024 * 1024
SMALLEST = 6
LARGEST = {"image": 10 * MB, "voice": 2 * MB, "video": 10 * MB, "file": 20 * MB}


@dataclass(frozen=True, slots=True)
class Media:
    media_id: str
    kind: str
    filename: str
    content_type: str
    content: bytes
    at: int
    purpose: int = 0
    """0 anything, 1 moments, 2 product album."""


class MediaShelf:
    def __init__(self, company: Company) -> None:
        self._company = company
        self._of_id: dict[str, Media] = {}
        self.pictures: dict[str, Media] = {}
        """Permanent ones, by the last part of their address."""

    def keep(self, kind: str, filename: str, content_type: str, content: bytes, *, purpose: int = 0) -> Media:
        """Raises Refusal 40004, 44001, 45001."""
        _check(kind, content)
        media = Media(self._company.new_id("3", 64), kind, filename, content_type, content, self._company.clock.now(), purpose)
        self._of_id[media.media_id] = media
        return media

    def keep_picture(self, filename: str, content_type: str, content: bytes) -> str:
        """The address at which it stays."""
        _check("image", content)
        name = self._company.new_id("pic", 40)
        self.pictures[name] = Media(name, "image", filename, content_type, content, self._company.clock.now())
        return f"{self._company.base_url}/sandbox/pictures/{name}"

    def get(self, media_id: str) -> Media:
        """Raises Refusal(40007): never uploaded, or more than three days ago."""
        media = self._of_id.get(media_id)
        if media is None or self._company.clock.exact() - media.at > LIFE:
            raise Refusal(40007)
        return media

    def ever(self, media_id: str) -> Media | None:
        """However long ago: what was taken into a message in time stays in it."""
        return self._of_id.get(media_id)

    def forget(self, media_id: str) -> None:
        self._of_id.pop(media_id, None)


def _check(kind: str, content: bytes) -> None:
    if kind not in LARGEST:
        raise Refusal(40004)
    if len(content) < SMALLEST:
        raise Refusal(44001)
    if len(content) > LARGEST[kind]:
        raise Refusal(45001)
