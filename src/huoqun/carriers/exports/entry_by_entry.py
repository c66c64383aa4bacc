"""Reading exports of many files: one that is damaged does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from huoqun.carriers.base import Parsed

from . import problems
from .errors import FileUnreadable
from .format import Entry


def entry_by_entry(entries: Iterable[Entry], read: Callable[[Entry], Iterator[Parsed]]) -> Iterator[Parsed]:
    """What `read` gives for each entry. Where one of several cannot be read, or not be read on, one `Unreadable` says so;
    where the only one cannot be read at all, `FileUnreadable` is raised.
    """
    all_of_them = list(entries)
    for entry in all_of_them:
        came = False
        try:
            for record in read(entry):
                came = True
                yield record
        except FileUnreadable as damage:
            if not came and len(all_of_them) == 1:
                raise
            problem = problems.DAMAGED if came else problems.NOT_READ
            yield problems.unreadable(entry.path, None, "", problem, str(damage))
