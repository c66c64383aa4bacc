"""Tokens and secrets stand in the addresses WeCom wants to be called at. Here they are kept out of logs and errors."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

# Also what stands in an address that somebody quoted: the value ends where a new parameter, a quote or a space begins.
_IN_AN_ADDRESS = re.compile(
    r"((?:access_token|corpsecret|provider_access_token|suite_access_token|user_ticket|code|key)=)[^&\s\"'<>]+"
)
HIDDEN = "***"


def hushed(text: str, secrets: Iterable[str] = ()) -> str:
    for secret in filter(None, secrets):
        text = text.replace(secret, HIDDEN)
    return _IN_AN_ADDRESS.sub(rf"\g<1>{HIDDEN}", text)


class Hushing(logging.Filter):
    """Puts a record into its final words before anybody writes it down, without what opens doors."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        quiet = hushed(text)
        if quiet != text:
            record.msg, record.args = quiet, ()
        return True


def hush_the_loggers() -> None:
    """The HTTP library writes each address into its log. Calling this again changes nothing more."""
    for name in ("httpx", "httpcore.http11", "httpcore.connection", "httpcore.proxy", "httpcore.http2"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, Hushing) for each in logger.filters):
            logger.addFilter(Hushing())
