"""`huoqun connect wecom`: a company from the terminal, or a sandbox that tells everything itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TextIO

import click
from django.conf import settings

from huoqun.carriers.registry import connect_wecom, try_wecom_secret
from huoqun.community.models import Community
from huoqun.community.operations import communities
from huoqun.wiring import first_start, syncing
from huoqun.wiring.community_option import known_community
from huoqun.wiring.terminal_language import terminal_language

BACK = ("api", "corpid", "agentid", "app_secret", "contact_secret", "archive_secret", "callback_token", "callback_key")


@click.command("wecom")
@click.option("--community", required=True, help="Name or short name of the community.")
@click.option("--found", is_flag=True, help="Make the community where there is none of this name.")
@click.option("--corpid", help="The company's id: My Company, at the bottom.")
@click.option("--agentid", type=int, help="The app's AgentId.")
@click.option("--secret", envvar="HUOQUN_WECOM_SECRET", help="The app's secret. Better left out: it is then asked for unseen.")
@click.option("--name", default="", help="What the company is called here.")
@click.option("--api", default="", help="Address of the interface, for a private installation of WeCom.")
@click.option("--sandbox", type=click.File("r", encoding="utf-8"), help="First line of huoqun-sandbox; - for standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print what to enter at WeCom as JSON.")
@terminal_language()
def command(
    community: str,
    found: bool,
    corpid: str | None,
    agentid: int | None,
    secret: str | None,
    name: str,
    api: str,
    sandbox: TextIO | None,
    as_json: bool,
) -> None:
    """Connect a company of WeCom: try its secret, keep it encrypted, listen, and print what to enter in the admin console."""
    first_start.prepare(sample=False)
    said = _of_sandbox(sandbox) if sandbox else _asked(corpid, agentid, secret, api)
    problem = try_wecom_secret(said["corpid"], said["app_secret"], said.get("api", ""))
    if problem:
        raise click.ClickException(problem)
    home = _community(community, found=found)
    now = datetime.now(UTC)
    connected = connect_wecom(home.slug, said.pop("corpid"), now=now, name=name or said.pop("name", ""), **said)
    syncing.ask(connected.account, by=None, now=now)
    told = {
        "account": str(connected.account),
        "callback_url": connected.callback_url,
        "callback_token": connected.callback_token,
        "encoding_aes_key": connected.callback_key,
        "archive_public_key": connected.archive_key,
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(f"{connected.account} is connected and listened to. Enter in the admin console, for receiving events:")
    click.echo(f"  URL             {connected.callback_url}")
    click.echo(f"  Token           {connected.callback_token}")
    click.echo(f"  EncodingAESKey  {connected.callback_key}")
    if connected.archive_key:
        click.echo("and for the conversation archive, as its message encryption public key:")
        click.echo(connected.archive_key)
    click.echo("A running worker is about to read its colleagues, customers and groups.")
    click.echo(f"Then look it over: huoqun doctor --community {home.slug}")


def _asked(corpid: str | None, agentid: int | None, secret: str | None, api: str) -> dict[str, Any]:
    corpid = corpid or click.prompt("Company id")
    agentid = agentid or click.prompt("AgentId", type=int)
    secret = secret or click.prompt("Secret", hide_input=True)
    return {"corpid": corpid, "agentid": agentid, "app_secret": secret, "api": api.rstrip("/")}


def _of_sandbox(first_line: TextIO) -> dict[str, Any]:
    """The JSON object a sandbox says first; other lines are not read, as it goes on talking."""
    line = first_line.readline()
    try:
        told = json.loads(line)
        app = told["apps"][0]
        return {
            "corpid": told["corpid"],
            "agentid": app["agentid"],
            "app_secret": app["secret"],
            "contact_secret": told.get("contact_secret", ""),
            "archive_secret": told.get("archive_secret", ""),
            "callback_token": told["callback_token"],
            "callback_key": told["encoding_aes_key"],
            "api": told["base_url"].rstrip("/"),
            "name": told.get("name", ""),
        }
    except (ValueError, KeyError, IndexError, TypeError) as wrong:
        raise click.ClickException(
            f"that is not the first line of huoqun-sandbox ({wrong}); it begins with {line[:60]!r}"
        ) from None


def _community(name: str, *, found: bool) -> Community:
    known = Community.objects.filter(name=name).first() or Community.objects.filter(slug=name).first()
    if known or not found:
        return known or known_community(name)
    return communities.found(name, zone=settings.DEFAULT_ZONE, now=datetime.now(UTC))
