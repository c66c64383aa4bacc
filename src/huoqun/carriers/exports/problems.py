"""What is wrong with one record, in known sentences with the remedy, so that a page can translate them.

A sentence has no places to fill in: the field, the line and the record itself are kept beside it.
"""

from __future__ import annotations

from pathlib import PurePath

from huoqun.carriers.base import Unreadable

from .errors import gettext_noop

RAW_LIMIT = 4000

NOT_JSON = gettext_noop("This record is not valid JSON. Correct it in the file, or export again.")
CUT_OFF = gettext_noop("The file ends in the middle of this record. Copy or export it again, completely.")
WRONG_SHAPE = gettext_noop("A field of this record is not of the kind expected. Correct it in the file, or export again.")
TOO_LONG = gettext_noop("This record is too long for a chat message and was left out. Check the file for damage.")
NOT_TEXT = gettext_noop("This line is not text in the encoding of the file. Save the file as UTF-8 and import it again.")
NO_TIME = gettext_noop("This record says no time that can be read. Add or correct it in the file.")
NO_ZONE = gettext_noop("The time of this record is local and no zone is known. Import again and give the time zone (--zone).")
NO_AUTHOR = gettext_noop("This record does not say who it is from. Add the author in the file.")
NO_ID = gettext_noop("This record has no message id. Add one in the file that is unique within the group.")
NO_GROUP = gettext_noop("This record does not say which group it belongs to. Add the group in the file.")
UNKNOWN_KIND = gettext_noop("The kind of this record is not known. Use one of the kinds listed in the format's description.")
NOT_UNDERSTOOD = gettext_noop("This line does not look like any line of the format. Correct it in the file, or ignore it.")
DAMAGED = gettext_noop("The rest of this file is damaged; what came before was taken in. Copy or export it again.")
NOT_READ = gettext_noop(
    "Nothing of this file could be read, for the reason that stands with it. Put it right and import it again."
)
BAD_VALUE = gettext_noop("The value of this field cannot be read. Correct it in the file.")


def unreadable(file: PurePath | str, line: int | None, field: str, problem: str, raw: bytes | str) -> Unreadable:
    """One record that could not be read, its text made safe to show and cut at 4,000 characters."""
    # A character takes at most four bytes, so nothing behind that is needed.
    text = raw[: RAW_LIMIT * 4].decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return Unreadable(file=str(file), line=line, field=field, problem=problem, raw=text[:RAW_LIMIT].replace("\x00", "\ufffd"))
