"""The formats that can be read, in the order they are tried: the most particular first.

A format is a module with the names `format.Format` lists. A new one is a file here and a line below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    discord,
    discord_csv,
    irc,
    qq_exporter,
    qq_mht,
    qq_text,
    slack,
    table,
    telegram,
    wechat_chatlog,
    wechat_chatlog_json,
    wechat_memotrace,
    wechat_memotrace_chat,
    wechat_pywxdump,
    zulip,
)

if TYPE_CHECKING:
    from huoqun.carriers.exports.format import Format

FORMATS: tuple[Format, ...] = (
    discord,
    qq_exporter,
    wechat_chatlog_json,
    telegram,
    slack,
    zulip,
    qq_mht,
    qq_text,
    wechat_memotrace,
    wechat_memotrace_chat,
    wechat_pywxdump,
    wechat_chatlog,
    discord_csv,
    table,
    irc,
)
