"""What the vendor's archive library answers by number, as errors named after what to do about them."""

from __future__ import annotations

from huoqun.carriers.base import gettext_noop

PARAMETER, NETWORK, PARSING, SYSTEM, KEY, FILE_ID, DECRYPTION = range(10000, 10007)
NO_PRIVATE_KEY, WRONG_KEY, ADDRESS, EXPIRED, CERTIFICATE = range(10007, 10012)

AGAIN = frozenset({NETWORK, PARSING, SYSTEM, -1, 45009, 45033})
"""Asked again later it may go well. The negative and the short numbers come inside an answer of the carrier."""

GONE = frozenset({FILE_ID, EXPIRED, 301048})
"""The file is no longer there, and will not be."""

_ADDRESS_SENTENCE = gettext_noop(
    "The archive does not let this server in. Add its address to the trusted addresses of the conversation archive "
    "in the WeCom console."
)

_DOOR_SENTENCE = gettext_noop(
    "The archive does not accept the company id or the archive secret. Enter the archive secret again."
)

SENTENCES: dict[int, str] = {
    PARAMETER: gettext_noop("The archive library does not accept how it is asked. Report it: this is a mistake of Huoqun."),
    KEY: _DOOR_SENTENCE,
    40001: _DOOR_SENTENCE,
    40013: _DOOR_SENTENCE,
    ADDRESS: _ADDRESS_SENTENCE,
    EXPIRED: gettext_noop("The archive no longer keeps what was asked for."),
    CERTIFICATE: gettext_noop("The archive library cannot check WeCom's certificate. Install the system's root certificates."),
    301042: _ADDRESS_SENTENCE,
}
UNKNOWN = gettext_noop("The archive refuses for a reason we do not know. Look its number up at WeCom.")

NO_SECRET = gettext_noop("The archive secret is missing. Copy it from the WeCom console to the page of the archive.")
NO_LIBRARY = gettext_noop(
    "WeCom's archive library is not installed. Download it from WeCom, and say where it lies in HUOQUN_WECOM_ARCHIVE_LIBRARY."
)
BAD_LIBRARY = gettext_noop(
    "The file named in HUOQUN_WECOM_ARCHIVE_LIBRARY is not WeCom's archive library for this machine. Download the one for its "
    "processor."
)
NO_CORP = gettext_noop("This company is no longer connected.")
NOT_READABLE = gettext_noop("The archive answers in a shape nobody knows. It is asked again; report it if this stays.")


class LibraryError(Exception):
    """The library, or the carrier behind it, said no. `sentence` tells people what to do."""

    def __init__(self, code: int, doing: str) -> None:
        super().__init__(f"the archive library answered {code} when asked to {doing}")
        self.code = code

    @property
    def again(self) -> bool:
        return self.code in AGAIN

    @property
    def gone(self) -> bool:
        return self.code in GONE

    @property
    def sentence(self) -> str:
        return SENTENCES.get(self.code, UNKNOWN)


class LibraryMissing(Exception):
    """There is no library to ask. `sentence` tells people what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
