"""`huoqun connect`: live accounts from the terminal."""

from __future__ import annotations

import click

from huoqun.wiring.on_demand import OnDemand

COMMANDS = {
    # name: needs the database and the settings of this installation
    "pretend": True,
    "wecom": True,
}


@click.command("connect", cls=OnDemand, commands=COMMANDS, prefix="connect_")
def command() -> None:
    """Connect a live account to a community: from then on it is listened to, and can be spoken through."""
