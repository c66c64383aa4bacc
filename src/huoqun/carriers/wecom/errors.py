"""WeCom's numbers for what it did not do. Nobody else reads them: the classes are those of their table, the words are ours."""

from __future__ import annotations

import re
from enum import Enum

from huoqun.carriers.base import gettext_noop


class Kind(Enum):
    """What to do about a number."""

    TOKEN = "token"  # noqa: S105 a word, not a secret
    """The access token is refused: fetch another one and try once more."""
    BUSY = "busy"
    """Nothing was done: later it may be."""
    STOP = "stop"
    """Somebody has to mend something first."""
    CALLER = "caller"
    """What was asked cannot be, and never will as it was asked."""
    UNKNOWN = "unknown"
    """A number of which nobody has heard."""


OK = 0
TOO_OFTEN = 45009
TOO_MANY_AT_ONCE = 45033
NOT_TRUSTED_IP = 60020
MONTH_NOT_COUNTED_YET = 41063
NO_RELATION = 84061
NO_SUCH_MEDIA = 40007
CURSOR_OVER = 50100
NOT_A_CUSTOMER_GROUP = 90501

_TOKEN = {40001, 40014, 42001}
_BUSY = {-1, 41063, 41078, 41079, TOO_OFTEN, TOO_MANY_AT_ONCE}
_STOP = {
    *(40013, 40056, 40057, 40091, 40098, 40099, 40126, 40143, 40201, 40204, 40211, 40212),
    *(41045, 41048, 41051, 41053, 41054, 41055, 41057, 41058, 41068, 41069, 41094, 41095),
    *(43004, 43009, 43012, 45022, 45024, 45026, 45029, 45031, *range(48001, 48009), 50001, 50002, 50003, 50006),
    *(60011, 60020, 60021, 60030, 60031, *range(660001, 660015), 81011, 81013, 84074, 85010, 85011, 301042),
} - {48005}
_CALLER = {
    *(
        NO_SUCH_MEDIA,
        40003,
        40029,
        40031,
        40032,
        40033,
        40035,
        40036,
        40037,
        40050,
        40058,
        40063,
        40066,
        40068,
        40071,
        40072,
        40093,
    ),
    *(40096, 40097, 40100, 40129, 40130, 40131, 40203, 40206, 41001, 41002, 41004, 41006, 41008, 41009, 41011, 41017),
    *(41018, 41035, 41041, 41043, 41044, 41046, 41047, 41049, 41050, 41052, 41056, 41059, 41060, 41062, 41064, 41065),
    *(41067, *range(41070, 41078), *range(41080, 41092), 41093, 41096, 42003, 42012, *range(42014, 42021), 42022),
    *(*range(42027, 42053), 44001, 44004, 45001, 45002, 45007, 45008, 46003, 46004, 48005, 50100),
    *(60003, 60102, 60103, 60104, 60105, 60106, 60110, 60111, 60112, 60123, 60136, 60140),
    *(*range(82001, 82005), 81017, 84061, 84083, 84084, 85002, 85004, 86001, 86003, 86004, 86008, 86101),
    *(90500, 90501, 301048),
}


def kind_of(code: int) -> Kind:
    if code in _TOKEN:
        return Kind.TOKEN
    if code in _BUSY:
        return Kind.BUSY
    if code in _STOP:
        return Kind.STOP
    return Kind.CALLER if code in _CALLER else Kind.UNKNOWN


# Sentences an operator or administrator reads. Numbers without one of their own get the sentence of their kind.
SENTENCES: dict[int, str] = {
    40001: gettext_noop("WeCom does not accept the secret. Enter it again under the connection of this company."),
    40003: gettext_noop("WeCom knows no colleague of this id."),
    40007: gettext_noop("WeCom does not have a picture of this message any more. It is sent up again."),
    40013: gettext_noop(
        "WeCom knows no company of this id. Compare it with the one shown under My Company in the admin console."
    ),
    40050: gettext_noop("This group does not exist any more."),
    40056: gettext_noop("The app id does not belong to this company. Compare it with the one shown on the app's page."),
    40091: gettext_noop("WeCom does not accept the secret any more. Enter the app's present one."),
    40096: gettext_noop("WeCom knows no customer of this id."),
    40098: gettext_noop("This colleague has not verified their real name in WeCom yet."),
    40099: gettext_noop("This colleague cannot have any more customers."),
    40100: gettext_noop("This customer is being handed over already."),
    40126: gettext_noop("The company has all the tags WeCom allows. Delete some in the admin console."),
    40129: gettext_noop("This customer is being handed over already."),
    40130: gettext_noop("Nobody can hand over to themselves."),
    40131: gettext_noop("This colleague does not know that customer."),
    40143: gettext_noop("WeCom has banned this colleague from handing over."),
    40201: gettext_noop("WeCom takes this for spam and does not send it. Change the text, or wait."),
    40204: gettext_noop("WeCom takes this for spam and does not send it. Change the text, or wait."),
    41041: gettext_noop("There are too many colleagues behind this code."),
    41044: gettext_noop("This code does not exist any more."),
    41045: gettext_noop("The company has all the codes WeCom allows. Delete old ones."),
    41047: gettext_noop("WeCom does not know this mass message any more."),
    41048: gettext_noop(
        "None of them can receive a mass message: they are no longer contacts, or have had as many as allowed."
    ),
    41049: gettext_noop("There is no code to welcome with: WeCom gives none where they have talked before."),
    41050: gettext_noop("Too late to welcome: WeCom allows it for twenty seconds, and once."),
    41051: gettext_noop("They are talking already, so that WeCom takes no welcome any more."),
    41054: gettext_noop("This colleague has not started to use WeCom yet."),
    41062: gettext_noop("This colleague has not published the moment."),
    41063: gettext_noop("WeCom is still preparing the mass message."),
    41091: gettext_noop("A code leads to five groups at most."),
    41093: gettext_noop("This mass message has been cancelled already."),
    41094: gettext_noop("WeCom allows three reminders a day for one mass message."),
    41096: gettext_noop("They are being welcomed already."),
    45002: gettext_noop("The text is too long for WeCom."),
    45009: gettext_noop("WeCom asks to slow down."),
    45033: gettext_noop("WeCom asks for fewer calls at the same time."),
    48002: gettext_noop("The app may not do this. Allow it in the admin console, under customer contact."),
    50002: gettext_noop("This lies outside what the app may see. Widen its visible range in the admin console."),
    50003: gettext_noop("The app is switched off in the admin console."),
    60011: gettext_noop("The app may not do this to that colleague, department or tag."),
    60020: gettext_noop("This machine's address is not on the app's list of trusted IPs. Add it in the admin console."),
    60021: gettext_noop("The colleague lies outside what the app may see. Widen its visible range in the admin console."),
    60030: gettext_noop("The colleague lies outside what the app may see. Widen its visible range in the admin console."),
    60031: gettext_noop("WeCom has barred the app from calling."),
    60111: gettext_noop("WeCom knows no colleague of this id."),
    81013: gettext_noop("None of those it is for can receive it: they are not in the app's visible range."),
    81017: gettext_noop("There is too much to tell at once. Ask for fewer colleagues."),
    84061: gettext_noop("This person is no customer of that colleague any more."),
    84074: gettext_noop("The app or the colleague may not use customer contact. Allow it in the admin console."),
    84083: gettext_noop("This person is no customer of that colleague any more."),
    84084: gettext_noop("This person is no customer of that colleague any more."),
    85002: gettext_noop("The text has words that WeCom forbids."),
    86101: gettext_noop("Only the owner of the group may do this."),
    90500: gettext_noop("The owner of the group has not left the company."),
    90501: gettext_noop("This is no customer group, or not one any more."),
    301042: gettext_noop("This machine's address is not on the archive's list of trusted IPs. Add it in the admin console."),
    301048: gettext_noop("WeCom does not have this file any more."),
}

BY_KIND: dict[Kind, str] = {
    Kind.TOKEN: gettext_noop("WeCom does not accept the access token."),
    Kind.BUSY: gettext_noop("WeCom is busy."),
    Kind.STOP: gettext_noop("WeCom does not allow this at present. An administrator of the company has to look."),
    Kind.CALLER: gettext_noop("WeCom does not accept this as it was asked."),
    Kind.UNKNOWN: gettext_noop("WeCom turned this down for a reason we do not know. Look there, then ask again."),
}


class WeComError(Exception):
    """WeCom answered, and the answer is no. `code` is its number, `sentence` what people read (English, translated by pages).

    `told` are its own words without tokens and secrets: for whoever sets up the connection, never to be decided on.
    """

    def __init__(self, code: int, told: str = "", *, wait: float | None = None) -> None:
        self.code, self.kind, self.told, self.wait = code, kind_of(code), told, wait
        """`wait`: seconds until asking again can be of use, where that is known."""
        self.sentence = SENTENCES.get(code, BY_KIND[self.kind])
        super().__init__(f"{code}: {self.sentence}")

    @property
    def ip(self) -> str:
        """The address from which WeCom was called, where it told."""
        found = re.search(r"from ip: ([0-9A-Fa-f.:]+)", self.told)
        return found[1].rstrip(".:") if found else ""
