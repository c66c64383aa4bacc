"""`huoqun import`: files into a community."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from django.conf import settings
from django.utils.translation import gettext

from huoqun.carriers import registry
from huoqun.carriers.models import Import
from huoqun.carriers.operations import ask_import
from huoqun.carriers.queries import bad_records
from huoqun.community.operations.communities import find_or_found
from huoqun.wiring.importing import read_in
from huoqun.wiring.terminal import progress, say, say_bad
from huoqun.wiring.terminal_language import terminal_language
from huoqun.wiring.zone_option import known_zone


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--community", required=True, help="Name of the community; made if there is none.")
@click.option("--zone", default="", callback=known_zone, help="Time zone of the files' local times, e.g. Asia/Shanghai.")
def command(paths: tuple[Path, ...], community: str, zone: str) -> None:
    """Read chat exports into a community. Importing the same file again adds nothing; a longer one adds what is new."""
    _check(paths, zone)
    now = datetime.now(UTC)
    home = find_or_found(community, zone=zone or settings.DEFAULT_ZONE, now=now)
    title = ", ".join(path.name for path in paths)
    asked = ask_import(home.slug, [path.resolve() for path in paths], title=title, zone=zone, by=None, now=now)
    with progress(f"导入 / importing {title[:60]}") as report:
        read_in(asked, report=report, now=lambda: datetime.now(UTC))
    asked.refresh_from_db()
    _tell(asked)
    if asked.state == Import.State.FAILED:
        sys.exit(1)


@terminal_language()
def _check(paths: tuple[Path, ...], zone: str) -> None:
    """Whether these files can be read at all is found out before a community is founded for them."""
    try:
        registry.read(registry.recognise(paths), registry.Setting("", ZoneInfo(zone) if zone else None, ""))
    except registry.ExportError as problem:
        say(problem.told(gettext))
        sys.exit(1)


@terminal_language()
def _tell(asked: Import) -> None:
    if asked.state == Import.State.FAILED:
        say(registry.told(asked.error, asked.error_values, gettext))
        return
    say(
        f"{asked.format}: {asked.read} records read, {asked.added} added, {asked.known} known already, "
        f"{asked.bad} could not be read; {asked.groups} new groups, {asked.people} new people."
    )
    say_bad(bad_records(asked)[:10], gettext)
    if asked.bad > 10:
        say(f"  ... and {asked.bad - 10} more: see the import's page in the console.")
