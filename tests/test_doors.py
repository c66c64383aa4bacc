"""Every address of the console, whichever room it belongs to: strangers are sent away, and writing needs POST and its token."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from huoqun.console.models import Role, Staff

OPEN = {
    "healthz",
    "console:link",
    "console:language",
    "sop:schema",
    "account_login",
    "account_inactive",
    "account_logout",
    "mfa_authenticate",
}
"""What somebody may ask who has not signed in."""

ARGUMENTS = {
    "pk": 1,
    "slug": "balcony",
    "token": "t",
    "form": "html",
    "upload_id": "u",
    "place": 0,
    "carrier": "wecom",
    "account": "ww1",
    "kind": "group",
    "key": 1,
    "file": 1,
    "name": "daily-group",
    "number": 1,
    "step": "morning",
    "what": "pause",
    "answer": "yes",
}


def addresses(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from addresses(one, inner)
        elif isinstance(one, URLPattern) and one.name:
            yield namespace + one.name, {name: ARGUMENTS[name] for name in _asked(one)}


def _asked(one: URLPattern) -> list[str]:
    return [*one.pattern.converters, *one.pattern.regex.groupindex]


ALL = sorted(dict(addresses()).items())


def test_there_are_addresses_of_every_room() -> None:
    rooms = {name.split(":")[0] for name, _ in ALL if ":" in name}
    assert {"health", "community", "inbox", "jobs", "console"} <= rooms


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "arguments"), [pair for pair in ALL if pair[0].split(":")[-1] not in OPEN and pair[0] not in OPEN]
)
def test_a_stranger_gets_to_the_door_and_no_further(client: Client, name: str, arguments: dict[str, object]) -> None:
    address = reverse(name, kwargs=arguments)
    for answer in (client.get(address), client.post(address)):
        assert answer.status_code in {302, 403, 404, 405}, (name, answer.status_code)
        if answer.status_code == 302:
            assert "/account/" in answer.headers["Location"], name


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "arguments"), ALL)
def test_nothing_is_written_without_the_token_of_the_form(name: str, arguments: dict[str, object]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN))
    answer = client.post(reverse(name, kwargs=arguments))
    assert answer.status_code in {403, 405}, (name, answer.status_code)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "arguments"), ALL)
def test_an_address_that_leads_nowhere_is_told_plainly(client: Client, name: str, arguments: dict[str, object]) -> None:
    """No page breaks where there is nothing yet: an empty installation, a number nobody has."""
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN))
    answer = client.get(reverse(name, kwargs=arguments))
    assert answer.status_code < 500, name
