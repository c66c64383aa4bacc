"""`huoqun connect pretend`: groups to play with."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from huoqun.community.models import Community, Group
from huoqun.console.models import Role, Staff
from huoqun.wiring.community_option import known_community
from huoqun.wiring.playing import CARRIER, play_in


@click.command("pretend")
@click.option("--community", required=True, help="Name or short name of the community.")
@click.option("--staff", default="", help="Whose messages go there too; without it, the first administrator's.")
@click.option("--speed", default=1.0, type=click.FloatRange(0.01, 10_000), help="So many times as fast as the clock.")
@click.option("--yes", is_flag=True, help="Do not ask, even where the community has real groups.")
def command(community: str, staff: str, speed: float, yes: bool) -> None:
    """Connect the pretended carrier: twelve invented groups whose people talk and answer. Best in a community of its own."""
    home, colleague = known_community(community), _colleague(staff)
    if _is_real(home) and not yes:
        click.confirm(f"{home} has real groups; invented ones would be counted among them. Connect all the same", abort=True)
    connection = play_in(home, staff=colleague, now=datetime.now(UTC), speed=speed)
    click.echo(f"{connection} is connected. A running worker hears its twelve groups within seconds.")


def _colleague(username: str) -> Staff | None:
    active = Staff.objects.filter(is_active=True)
    if not username:
        return active.filter(role=Role.ADMIN).order_by("pk").first()
    staff = active.filter(username=username).first()
    if staff is None:
        names = ", ".join(active.values_list("username", flat=True)) or "none yet"
        raise click.ClickException(f"there is no active account “{username}”; known: {names}")
    return staff


def _is_real(home: Community) -> bool:
    return Group.objects.filter(community=home).exclude(carrier=CARRIER).exists()
