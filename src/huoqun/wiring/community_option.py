"""`--community` of the commands that need one which is there already."""

from __future__ import annotations

import click

from huoqun.community.models import Community


def known_community(name: str) -> Community:
    """By name or short name. Raises a click error naming those there are."""
    home = Community.objects.filter(name=name).first() or Community.objects.filter(slug=name).first()
    if home is None:
        known = ", ".join(Community.objects.values_list("name", flat=True)) or "none yet"
        raise click.ClickException(f"there is no community “{name}”; known: {known}")
    return home
