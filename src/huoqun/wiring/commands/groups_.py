"""`huoqun groups`: a list of facts about groups."""

from __future__ import annotations

from pathlib import Path

import click

from huoqun.community.errors import BadList
from huoqun.community.operations.listed import take_group_list
from huoqun.wiring.community_option import known_community
from huoqun.wiring.list_file import open_list
from huoqun.wiring.terminal_language import terminal_language


@click.command("groups")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", required=True, help="Name or short name of the community.")
@terminal_language()
def command(path: Path, community: str) -> None:
    """Set what a CSV says about groups: type, lifecycle, planned end, operator, tags (docs/operations.md has the columns)."""
    home = known_community(community)
    try:
        with open_list(path) as lines:
            changed = take_group_list(home, lines)
    except BadList as bad:
        raise click.ClickException(f"{path.name} was not applied:\n  " + "\n  ".join(bad.problems[:20])) from bad
    click.echo(f"{changed} groups found.")
