"""Commands loaded when they are named: `huoqun audit` needs no database, and nobody waits for what is not used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
import django


class OnDemand(click.Group):
    """`commands`: whether each needs the database and the settings of this installation. Each is `command` in
    `commands/<prefix><name>_.py`."""

    def __init__(self, *args: Any, commands: Mapping[str, bool], prefix: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.on_demand = commands
        self.prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.on_demand)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.on_demand:
            return None
        if self.on_demand[cmd_name]:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huoqun.config.settings")
            django.setup()
        module = import_module(f"huoqun.wiring.commands.{self.prefix}{cmd_name}_")
        command: click.Command = module.command
        return command
