"""What can go wrong here, named after what to do about it. Pages say it in the reader's words."""

from __future__ import annotations

from collections.abc import Sequence

from huoqun.content.rules.filling import Wrong


class NotADraft(Exception):
    """It has been sent meanwhile: nobody changes it any more. Write a new one."""


class CannotSend(Exception):
    """Nothing was sent. Mend what it names, then send again."""


class TextIsWrong(CannotSend):
    """The text holds variables nobody can fill."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        super().__init__(f"{len(wrongs)} things are wrong with the text")
        self.wrongs = wrongs


class ValuesMissing(CannotSend):
    """For some of those it goes to, a variable has no value."""

    def __init__(self, names: Sequence[str], number: int) -> None:
        super().__init__(f"{number} recipients have no value for {', '.join(names)}")
        self.names, self.number = names, number


class NobodyToReach(CannotSend):
    """Everybody is left out, or nobody fits."""

    def __init__(self) -> None:
        super().__init__("nobody would get it")


class TooMany(CannotSend):
    """More than one broadcast may reach. Narrow it."""

    def __init__(self) -> None:
        super().__init__("it is for more people than one broadcast may reach")


class TimeIsPast(CannotSend):
    """The time it should go out has gone by."""

    def __init__(self) -> None:
        super().__init__("its time has gone by")


class NotAnswerable(CannotSend):
    """The saved view asks what only its own page can answer."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"cannot narrow by {', '.join(names)}")
        self.names = names


class NotAPicture(ValueError):
    """The file is none, or too large, or one too many."""
