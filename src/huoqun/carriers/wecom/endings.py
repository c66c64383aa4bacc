"""What WeCom's "no" means for whoever asked: one of the vocabulary's outcomes, with a sentence."""

from __future__ import annotations

from datetime import timedelta

from huoqun.carriers.base import CutOff, Unreachable, gettext_noop
from huoqun.vocabulary.outcomes import Outcome, Refused, TryLater, Unknown

from .errors import NO_SUCH_MEDIA, SENTENCES, Kind, WeComError

Ending = Outcome | CutOff | Unreachable

OF_THE_ACCOUNT = frozenset({40001, 40013, 40014, 40091, 42001, 50003, 60020, 60031})
"""What is in the way of everything that goes through the company: it waits until somebody has mended that."""
MENDING = timedelta(minutes=5)
FOR_A_WHILE = timedelta(seconds=10)

FOR_GOOD_THOUGH_STOPPED = frozenset({41048, 41051, 41053})
"""Nobody can mend these: the moment has passed, or it is the customer's own wish."""

SEND_UP_AGAIN = TryLater(after=timedelta(0), reason=SENTENCES[NO_SUCH_MEDIA])
"""A picture was named that WeCom has forgotten: whoever named it has to send it up and ask once more."""

BROKE_OFF = gettext_noop("The line to WeCom broke while it was asked, so that nobody knows whether it was done.")
NOT_REACHED = gettext_noop("WeCom could not be reached.")


def refusal_of(error: WeComError) -> Outcome:
    """Nothing was done."""
    if error.code in OF_THE_ACCOUNT:
        return TryLater(after=MENDING, reason=error.sentence)
    if error.code == NO_SUCH_MEDIA:
        return SEND_UP_AGAIN
    if error.kind is Kind.BUSY:
        return TryLater(after=timedelta(seconds=error.wait or FOR_A_WHILE.total_seconds()), reason=error.sentence)
    for_good = error.kind is Kind.CALLER or error.code in FOR_GOOD_THOUGH_STOPPED
    return Refused(reason=error.sentence, for_good=for_good)


def ending_of(trouble: WeComError | CutOff | Unreachable) -> Ending:
    return refusal_of(trouble) if isinstance(trouble, WeComError) else trouble


def not_begun(trouble: WeComError | CutOff | Unreachable) -> Ending:
    """Of a question that had to be answered before anything was done: nothing was."""
    return Unreachable(str(trouble)) if isinstance(trouble, CutOff) else ending_of(trouble)


def told(ending: Ending) -> Outcome:
    """For one among several, some of which ended well."""
    if isinstance(ending, CutOff):
        return Unknown(reason=BROKE_OFF)
    if isinstance(ending, Unreachable):
        return TryLater(after=FOR_A_WHILE, reason=NOT_REACHED)
    return ending


def together(endings: list[Ending]) -> list[Outcome]:
    """As `send_many` answers: raises where no call ended, else each in its place."""
    silent = [each for each in endings if isinstance(each, CutOff | Unreachable)]
    if endings and len(silent) == len(endings):
        raise next((each for each in silent if isinstance(each, CutOff)), silent[0])
    return [told(each) for each in endings]
