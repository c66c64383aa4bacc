"""What makes a whole file or folder unreadable. Each says what is wrong and what to do.

`message` is an English sentence with places in braces and `values` fill them. `str(error)` is the English sentence filled in,
`error.told(gettext)` the same in another language; `told` does it for an error kept as message and values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Translate = Callable[[str], str]


def gettext_noop(text: str) -> str:
    """Marks a sentence for the catalogue of translations without translating it here."""
    return text


def told(message: str, values: Mapping[str, Any], translate: Translate) -> str:
    """An error's sentence in another language, the formats it names included."""
    words = dict(values)
    if title := values.get("title"):
        words["title"] = translate(title)
    if tried := values.get("tried"):
        words["formats"] = _formats(tried, translate)
    return translate(message).format(**words)


def _formats(tried: Iterable[Sequence[str]], translate: Translate) -> str:
    one = translate(gettext_noop("{title} (looked for {looked_for})"))
    described = (one.format(title=translate(title), looked_for=translate(looked_for)) for title, looked_for in tried)
    return translate(gettext_noop("; ")).join(described)


class ExportError(Exception):
    """Raised instead of reading: nothing was taken in from the file it names, or no more from here on."""

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values))

    def told(self, translate: Translate) -> str:
        return told(self.message, self.values, translate)


class NotRecognised(ExportError):
    """No format fits. `tried` has every format's title and what it looked for."""

    def __init__(self, file: str, tried: Sequence[tuple[str, str]], inner: str = "") -> None:
        self.file = file
        self.tried = tuple(tried)
        formats = _formats(tried, str)
        message = (
            gettext_noop(
                "No known format fits {file}. There are archives inside ({inner}): unpack them first. Tried: {formats}."
            )
            if inner
            else gettext_noop("No known format fits {file}. Tried: {formats}. Check that it is an unchanged export.")
        )
        super().__init__(message, file=file, formats=formats, inner=inner, tried=[list(one) for one in tried])


class FileUnreadable(ExportError):
    """The file is of a known format but cannot be read as a whole."""


class NothingToRead(FileUnreadable):
    """The path does not exist, is empty, or must not be read by this user."""


class ZoneNeeded(FileUnreadable):
    """The times in this format are local and nobody has said which time zone they are in."""


class TooLarge(ExportError):
    """More than the limits allow was found while reading."""


class UnsafeArchive(ExportError):
    """The archive tries to do something an export has no reason to do; nothing of it is read."""
