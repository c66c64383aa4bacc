"""`huoqun audit`: files alone, no set-up."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from huoqun.carriers.registry import ExportError, titles_told
from huoqun.health.report import documents, typeset
from huoqun.health.report.fonts import PACKAGE, NoChineseFont
from huoqun.health.report.html import page
from huoqun.health.report.result import Audit, audit_of
from huoqun.wiring import audit_table
from huoqun.wiring.audit_words import language_of, say
from huoqun.wiring.file_audit import FileAudit, Question, Taken, audit_files
from huoqun.wiring.file_words import file_words
from huoqun.wiring.house_list import BadHouseList, read_house_list
from huoqun.wiring.terminal import progress, say_bad
from huoqun.wiring.terminal import say as tell
from huoqun.wiring.zone_option import known_zone


def _writable(ctx: click.Context, param: click.Parameter, value: Path | None) -> Path | None:
    """Found out before the work is done, not after."""
    if value is not None and not value.resolve().parent.is_dir():
        raise click.BadParameter(f"there is no folder {value.parent}; make it first")
    if value is not None and value.resolve() in [path.resolve() for path in ctx.params.get("files", ())]:
        raise click.BadParameter(f"{value} is one of the files to be read; name another one for the report")
    return value


def _house(ctx: click.Context, param: click.Parameter, value: Path | None) -> dict[str, str]:
    try:
        return read_house_list(value) if value else {}
    except BadHouseList as bad:
        raise click.ClickException(str(bad)) from bad


@click.command("audit")
@click.argument("files", nargs=-1, required=True, is_eager=True, type=click.Path(exists=True, path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Audit as of the end of this day; default: the last talk.")
@click.option(
    "--house",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    callback=_house,
    help="CSV with a column author_id: bots, staff and helpers to leave out.",
)
@click.option(
    "--zone",
    default="",
    callback=known_zone,
    help="Time zone of local times in the files and of the days counted, e.g. Asia/Shanghai. Without it days are cut in UTC, "
    "and formats with local times are not read.",
)
@click.option("--window", type=click.IntRange(1, 366), default=7, show_default=True, help="Days looked back for the state.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--html",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_writable,
    help="Write a self-contained report to this file.",
)
@click.option(
    "--pdf",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_writable,
    help="Write the report as a PDF to this file.",
)
@click.option(
    "--png",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=_writable,
    help="Write the report's headlines as a picture to forward to this file.",
)
@click.option(
    "--language", type=click.Choice(["zh-hans", "en"]), help="Default: English if LC_ALL or LANG says so, else Chinese."
)
def command(
    files: tuple[Path, ...],
    as_of: datetime | None,
    house: dict[str, str],
    zone: str,
    window: int,
    as_json: bool,
    html: Path | None,
    pdf: Path | None,
    png: Path | None,
    language: str | None,
) -> None:
    """Tell which groups in these exports are alive: no set-up, no database, nothing is kept."""
    language = language or language_of(os.environ)
    asked = Question(
        paths=files,
        zone=ZoneInfo(zone) if zone else None,
        as_of=as_of.date() if as_of else None,
        window=window,
        house=house,
    )
    done = _audited(asked, language)
    _remarks(done, language)
    if done.is_silent:
        raise click.ClickException(say("nobody_yet", language, day=asked.as_of) if asked.as_of else say("nobody", language))
    wanted = {form: path for form, path in (("html", html), ("pdf", pdf), ("png", png)) if path}
    if wanted:
        _write(wanted, audit_of(done.as_told()), language)
    if as_json:
        click.echo(_json(done.as_json()))
    elif not wanted:
        audit_table.console(is_terminal=sys.stdout.isatty()).print(audit_table.picture(done.as_json(), language))
        if not zone:
            tell(say("utc", language))


def _audited(asked: Question, language: str) -> FileAudit:
    try:
        with progress(say("reading", language)) as report:
            return audit_files(asked, report=report)
    except ExportError as problem:
        raise click.ClickException(problem.told(file_words(language))) from problem


def _remarks(done: FileAudit, language: str) -> None:
    """What the figures do not show, beside them."""
    taken = done.taken
    formats = titles_told(", ".join(taken.formats), file_words(language))
    records, bad = f"{taken.records:,}", f"{taken.unreadable:,}"
    tell(say("read", language, formats=formats, records=records, bad=bad))
    _tell_unreadable(taken, language)
    if done.strangers:
        tell(say("strangers", language, n=done.strangers))
    if left_out := done.left_out:
        tell(say("house", language, n=left_out))


def _tell_unreadable(taken: Taken, language: str) -> None:
    say_bad(taken.first_unreadable, file_words(language))
    if (more := taken.unreadable - len(taken.first_unreadable)) > 0:
        tell("  " + say("bad_more", language, n=f"{more:,}"))


def _write(wanted: dict[str, Path], audit: Audit, language: str) -> None:
    """The page is written first: it needs no fonts."""
    for form, path in wanted.items():
        try:
            path.write_bytes(_MAKERS[form](audit, language))
        except NoChineseFont as lacking:
            raise click.ClickException(say("no_chinese_font", language, path=path, package=PACKAGE)) from lacking
        except OSError as problem:
            raise click.ClickException(f"{path} could not be written: {problem.strerror}") from problem
        tell(say("written", language, path=path))


_MAKERS: dict[str, Callable[[Audit, str], bytes]] = {
    "html": lambda audit, language: page(documents.portfolio(audit, language)).encode(),
    "pdf": lambda audit, language: typeset.pdf(documents.portfolio(audit, language), made_at=datetime.now(UTC)),
    "png": lambda audit, language: typeset.png(documents.picture(audit, language)),
}


def _json(audit: dict[str, Any]) -> str:
    plain_ascii = not (sys.stdout.encoding or "").lower().startswith("utf")
    return json.dumps(audit, ensure_ascii=plain_ascii, indent=1)
