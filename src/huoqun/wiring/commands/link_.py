"""`huoqun link`: a new one-time sign-in link, for whoever is locked out."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from huoqun.console import operations as console
from huoqun.console.models import Staff


@click.command("link")
@click.argument("username")
def command(username: str) -> None:
    """Print a one-time sign-in link for an account."""
    staff = Staff.objects.filter(username=username, is_active=True).first()
    if staff is None:
        names = ", ".join(Staff.objects.filter(is_active=True).values_list("username", flat=True)) or "none yet"
        raise click.ClickException(f"there is no active account “{username}”; known: {names}")
    click.echo(console.one_time_link(staff, now=datetime.now(UTC)))
