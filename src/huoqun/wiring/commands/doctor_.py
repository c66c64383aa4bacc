"""`huoqun doctor`: every live connection looked over from the terminal."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from huoqun.carriers.findings import Finding, Verdict, nothing_to_examine
from huoqun.carriers.registry import examine
from huoqun.community.models import Community
from huoqun.wiring.community_option import known_community
from huoqun.wiring.terminal_language import terminal_language

MARKS = {
    Verdict.GOOD: ("ok  ", "green"),
    Verdict.LOOK: ("look", "yellow"),
    Verdict.BAD: ("BAD ", "red"),
    Verdict.UNTRIED: ("-   ", None),
    Verdict.UNUSED: ("-   ", None),
}


@click.command("doctor")
@click.option("--community", default="", help="Only this one, by name or short name.")
@click.option("--json", "as_json", is_flag=True, help="Print every finding as a line of JSON.")
@terminal_language()
def command(community: str, as_json: bool) -> None:
    """Try every part of each connection and say what to do where it does not work. Changes nothing, prints no secret.

    Ends with 1 where something does not work.
    """
    homes = [known_community(community)] if community else list(Community.objects.all())
    verdicts = [_look_over(home, as_json=as_json) for home in homes]
    if not any(verdicts):
        click.echo(nothing_to_examine())
    if any(Verdict.BAD in each for each in verdicts):
        sys.exit(1)


def _look_over(home: Community, *, as_json: bool) -> set[Verdict]:
    seen: set[Verdict] = set()
    for account, findings in examine(home.slug):
        if not as_json:
            click.secho(f"{home} · {account.carrier} {account.name}", bold=True)
        for finding in findings:
            seen.add(finding.verdict)
            click.echo(json.dumps({"account": str(account), **asdict(finding)}, ensure_ascii=False)) if as_json else _tell(
                finding
            )
    return seen


def _tell(finding: Finding) -> None:
    mark, colour = MARKS[finding.verdict]
    first, *more = finding.lines()
    click.echo(f"  {click.style(mark, fg=colour)}  {first}")
    for line in more:
        click.echo(f"        {line}")
