"""The `huoqun` command. Each subcommand is a file in `commands/`, loaded only when it is asked for."""

from __future__ import annotations

import click

from huoqun import __version__
from huoqun.wiring.on_demand import OnDemand

COMMANDS = {
    # name: needs the database and the settings of this installation
    "serve": True,
    "worker": True,
    "import": True,
    "house": True,
    "groups": True,
    "holidays": True,
    "connect": False,
    "doctor": True,
    "link": True,
    "erase": True,
    "audit": False,
    "health": False,
}


@click.command(cls=OnDemand, commands=COMMANDS)
@click.version_option(__version__, prog_name="huoqun")
def main() -> None:
    """Huoqun 活群: keep chat communities alive and make them worth something."""
