"""The `huoqun` command. Each subcommand is a file in `commands/`, loaded only when it is asked for."""

from __future__ import annotations

import os
from importlib import import_module

import click
import django

from huoqun import __version__

COMMANDS = {
    # name: needs the database and the settings of this installation
    "serve": True,
    "worker": True,
    "import": True,
    "house": True,
    "groups": True,
    "link": True,
    "erase": True,
    "audit": False,
}


class OnDemand(click.Group):
    """Loads a subcommand's module when it is named: `huoqun audit` needs no database, and nobody waits for what is not used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if COMMANDS[cmd_name]:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
            django.setup()
        module = import_module(f"huoqun.wiring.commands.{cmd_name}_")
        command: click.Command = module.command
        return command


@click.command(cls=OnDemand)
@click.version_option(__version__, prog_name="huoqun")
def main() -> None:
    """Huoqun 活群: keep chat communities alive and make them worth something."""
