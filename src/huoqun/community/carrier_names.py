"""Carriers under the names people know them by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

NAMES = {
    "wecom": _("WeCom"),
    "wechat": _("WeChat"),
    "qq": "QQ",
    "telegram": "Telegram",
    "discord": "Discord",
    "slack": "Slack",
    "zulip": "Zulip",
    "irc": "IRC",
    "matrix": "Matrix",
    "pretend": _("pretended carrier"),
}


def carrier_name(carrier: str) -> str:
    """A carrier nobody has named keeps its short name."""
    return str(NAMES.get(carrier, carrier))
