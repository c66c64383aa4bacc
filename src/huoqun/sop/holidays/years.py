"""The years that come with the product, and those this installation has added as files of its own.

The shipped years were written from the notices themselves and compared, day by day, with the packages `chinesecalendar` 1.11.0
and `holidays` 0.109: no difference (the second lists no Saturdays and Sundays that are off anyway).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from huoqun.sop.playbooks.reading import Mistake, Unreadable

from .arrangement import Arrangement, Calendar
from .reading import read

SHIPPED = Path(__file__).resolve().parent / "cn"

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A file of one's own nobody can read: it counts as if it were not there."""

    path: Path
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True)
class Years:
    calendar: Calendar
    own: frozenset[int]
    """Read from files of this installation, which stand above the shipped ones."""
    broken: tuple[Broken, ...] = ()


def known() -> Calendar:
    """Looks at the folder every time, and reads it only when something in it has changed."""
    return years().calendar


def years() -> Years:
    return _years(folder(), _signature(folder()))


def folder() -> Path:
    """Where files of one's own are."""
    return Path(settings.DATA) / "holidays"


def _signature(there: Path) -> Signature:
    if not there.is_dir():
        return ()
    return tuple((path.name, (stat := path.stat()).st_mtime_ns, stat.st_size) for path in sorted(there.glob("*.yaml")))


@lru_cache(maxsize=4)
def _years(there: Path, signature: Signature) -> Years:
    shipped = {told.year: told for told in map(_read, sorted(SHIPPED.glob("*.yaml")))}
    own: dict[int, Arrangement] = {}
    broken: list[Broken] = []
    for name, _changed, _size in signature:
        try:
            told = _read(there / name)
        except Unreadable as wrong:
            broken.append(Broken(there / name, tuple(wrong.mistakes)))
            continue
        if told.year in own:
            broken.append(Broken(there / name, (Mistake(1, "year", f"There is another file of {told.year}."),)))
        else:
            own[told.year] = told
    return Years(Calendar.of(shipped | own), frozenset(own), tuple(broken))


def _read(path: Path) -> Arrangement:
    """Raises Unreadable."""
    try:
        return read(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, OSError) as wrong:
        raise Unreadable([Mistake(1, "", f"It cannot be read as text in UTF-8: {wrong}")]) from None


def add(path: Path) -> Arrangement:
    """Checked, then kept as this installation's file of that year. Raises Unreadable; then nothing has changed."""
    told = _read(path)
    folder().mkdir(parents=True, exist_ok=True)
    target = folder() / f"{told.country.lower()}-{told.year}.yaml"
    fresh = target.with_suffix(".new")
    fresh.write_bytes(path.read_bytes())
    fresh.replace(target)
    return told
