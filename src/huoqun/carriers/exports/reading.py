"""Which format a file is in, and the reading of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from huoqun.carriers.base import Parsed

from . import errors, problems, source, zips
from .errors import gettext_noop
from .format import Entry, Format, Setting
from .formats import FORMATS
from .limits import Limits, Meter
from .source import SourceEntry


@dataclass(frozen=True, slots=True)
class Progress:
    done: int
    total: int
    """Bytes, unpacked."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of what was handed in, all in one format."""

    format: Format
    entries: tuple[SourceEntry, ...]


class Recognised:
    """What was handed in and the format of each part."""

    def __init__(self, parts: Sequence[Part], meter: Meter) -> None:
        self.parts = tuple(parts)
        self._meter = meter

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(part.format.NAME for part in self.parts))

    @property
    def titles(self) -> list[str]:
        return list(dict.fromkeys(part.format.TITLE for part in self.parts))

    @property
    def needs_zone(self) -> bool:
        """Whether somebody has to say which zone the times are in."""
        return any(part.format.NEEDS_ZONE for part in self.parts)

    @property
    def progress(self) -> Progress:
        return Progress(done=self._meter.done, total=self._meter.total)

    @property
    def left_out(self) -> list[PurePosixPath]:
        """After reading: files beside the export that are not part of it (pictures, mostly)."""
        return [entry.path for part in self.parts for entry in part.entries if not entry.was_opened]


class Reading(Iterator[Parsed]):
    """Events and `Unreadable` records, one after the other, and how far it has come."""

    def __init__(self, recognised: Recognised, records: Iterator[Parsed]) -> None:
        self.recognised = recognised
        self._records = records

    def __next__(self) -> Parsed:
        return next(self._records)

    @property
    def progress(self) -> Progress:
        return self.recognised.progress


def recognise(paths: Sequence[Path], limits: Limits | None = None) -> Recognised:
    """The format of every path. Raises `errors.NotRecognised` naming what was tried for the first that fits nothing,
    `NothingToRead`, `TooLarge` or `UnsafeArchive`.
    """
    if not paths:
        raise errors.NothingToRead(gettext_noop("No file was given. Name the export file, folder or zip."))
    meter = Meter(limits or Limits())
    parts: dict[tuple[str, Path | None], Part] = {}
    for path in paths:
        entries = source.entries(path, meter)
        form = _format_of(entries, path)
        # Files given one by one may belong together; two folders or archives are two exports.
        key = (form.NAME, None if len(entries) == 1 else path)
        before = parts[key].entries if key in parts else ()
        parts[key] = Part(form, (*before, *entries))
    return Recognised(list(parts.values()), meter)


def read(recognised: Recognised, setting: Setting) -> Reading:
    """Everything in what was handed in. Raises `errors.ZoneNeeded` before reading; while reading only what
    makes all of a part unreadable from its start.
    """
    for part in recognised.parts:
        if part.format.NEEDS_ZONE and setting.zone is None:
            raise errors.ZoneNeeded(
                gettext_noop("The times in {title} are local times. Give their time zone, for example --zone Asia/Shanghai."),
                title=part.format.TITLE,
            )
    return Reading(recognised, _records(recognised, setting))


def _records(recognised: Recognised, setting: Setting) -> Iterator[Parsed]:
    for part in recognised.parts:
        came = False
        try:
            for record in part.format.read(list[Entry](part.entries), setting):
                came = True
                yield record
        except errors.FileUnreadable as damage:
            if not came and len(recognised.parts) == 1:
                raise
            yield problems.unreadable(str(damage.values.get("file", "")), None, "", _after(came), str(damage))


def _after(came: bool) -> str:
    return problems.DAMAGED if came else problems.NOT_READ


def _format_of(entries: list[SourceEntry], path: Path) -> Format:
    looked_at = list[Entry](entries)
    for form in FORMATS:
        if form.recognise(looked_at):
            return form
    for entry in entries:
        if entry.damage and len(entries) == 1:
            raise entry.damage
    raise errors.NotRecognised(path.name, [(form.TITLE, form.LOOKS_FOR) for form in FORMATS], _archives_inside(entries))


def _archives_inside(entries: list[SourceEntry]) -> str:
    return ", ".join([str(entry.path) for entry in entries[:100] if entry.head(4) in zips.MAGIC][:3])
