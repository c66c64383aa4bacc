"""The world's words for what it did not do, as outcomes. Nobody else reads its words."""

from __future__ import annotations

from datetime import timedelta

from huoqun.carriers.base import gettext_noop
from huoqun.vocabulary.outcomes import Outcome, Refused, TryLater

from .world.words import Reply

TOO_FAST = gettext_noop("The carrier asks to slow down.")
UNHEARD_OF = gettext_noop("The carrier turned this down for a reason we do not know. Look there, then ask again.")

FOR_GOOD = {
    "forbidden": gettext_noop("The carrier does not allow this."),
    "no_such_room": gettext_noop("This group does not exist any more."),
    "room_closed": gettext_noop("This group has been dissolved."),
    "no_such_person": gettext_noop("This person does not exist any more."),
    "not_in_room": gettext_noop("This person is not in the group any more."),
    "no_such_post": gettext_noop("This message does not exist any more."),
    "no_such_ticket": gettext_noop("This welcome belongs to nobody who has just joined."),
    "ticket_used": gettext_noop("This person has been welcomed already."),
    "no_such_knock": gettext_noop("This request to join does not exist any more."),
    "answered_already": gettext_noop("This request to join has been answered already."),
    "no_such_code": gettext_noop("This code does not exist any more."),
    "no_such_errand": gettext_noop("This task does not exist any more."),
    "nothing_to_remind_of": gettext_noop("Nobody has to be reminded: it is over."),
}

MENDABLE = {"blocked": gettext_noop("This person does not take messages from us. They can allow it again.")}


def outcome_of(reply: Reply) -> Outcome:
    """For a reply that is not ok. A word nobody has heard before is shown to a person, never swallowed."""
    word = reply["error"]
    if word == "too_fast":
        return TryLater(after=timedelta(milliseconds=reply["wait"]), reason=TOO_FAST)
    if word in FOR_GOOD:
        return Refused(reason=FOR_GOOD[word])
    return Refused(reason=MENDABLE.get(word, UNHEARD_OF), for_good=False)
