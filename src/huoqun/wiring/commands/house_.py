"""`huoqun house`: a list of staff, helpers and bots."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from huoqun.community.errors import BadList
from huoqun.community.operations.listed import take_house_list
from huoqun.wiring.community_option import known_community
from huoqun.wiring.list_file import open_list
from huoqun.wiring.terminal_language import terminal_language


@click.command("house")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", required=True, help="Name or short name of the community.")
@terminal_language()
def command(path: Path, community: str) -> None:
    """Label the accounts a CSV lists (author_id, kind: staff, helper or bot); they are left out of every health figure."""
    home = known_community(community)
    try:
        with open_list(path) as lines:
            changed = take_house_list(home, lines, by=None, now=datetime.now(UTC), reason=path.name)
    except BadList as bad:
        raise click.ClickException(f"{path.name} was not applied:\n  " + "\n  ".join(bad.problems[:20])) from bad
    click.echo(f"{changed} people changed.")
