"""`--zone` of every command that takes one."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click


def known_zone(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value:
        return ""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise click.BadParameter(f"there is no time zone “{value}”; write it like Asia/Shanghai") from None
    return value
