"""`huoqun health forecast` and `huoqun health train`: will groups fall silent, and how sure is that?"""

from __future__ import annotations

import click

from huoqun.wiring.on_demand import OnDemand

COMMANDS = {
    # name: needs the database and the settings of this installation
    "forecast": False,
    "train": True,
}


@click.command("health", cls=OnDemand, commands=COMMANDS, prefix="health_")
def command() -> None:
    """Forecast which groups fall silent, and learn to from your own history."""
