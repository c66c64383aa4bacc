"""`huoqun holidays`: the years whose public holidays and make-up working days are known here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from huoqun.sop.holidays.years import add, years
from huoqun.sop.pages.mistakes import shown
from huoqun.sop.playbooks.reading import Mistake, Unreadable
from huoqun.wiring.terminal_language import terminal_language


@click.group("holidays", invoke_without_command=True)
@click.pass_context
@terminal_language()
def command(context: click.Context) -> None:
    """List the years whose public holidays and make-up working days are known, each with its source. `add` adds one."""
    if context.invoked_subcommand is not None:
        return
    found = years()
    for year, told in sorted(found.calendar.arrangements.items()):
        click.echo(f"{year}  {told.source}  {told.published}{'  (added here)' if year in found.own else ''}")
    for broken in found.broken:
        click.echo(f"{broken.path} does not count:\n  {_lines(broken.mistakes)}", err=True)
    context.exit(1 if found.broken else 0)


@command.command("add")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@terminal_language()
def add_one(path: Path) -> None:
    """Add the year this YAML file describes, or put it in place of the one known so far. Playbooks go by it at once."""
    try:
        told = add(path)
    except Unreadable as wrong:
        raise click.ClickException(f"{path.name} was not added:\n  {_lines(wrong.mistakes)}") from wrong
    days = list(told.days())
    off = sum(day.is_off for day in days)
    click.echo(f"{told.year}: {off} days off, {len(days) - off} make-up working days.")


def _lines(mistakes: Iterable[Mistake]) -> str:
    return "\n  ".join(str(Mistake(wrong.line, wrong.field, wrong.problem)) for wrong in shown(mistakes))
