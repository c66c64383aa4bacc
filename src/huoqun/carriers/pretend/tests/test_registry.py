"""How the rooms come to this carrier."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from huoqun.carriers import registry
from huoqun.carriers.base import Asked
from huoqun.vocabulary.actions import Body, PostToGroup
from huoqun.vocabulary.events import MessagePosted
from huoqun.vocabulary.ids import Account
from huoqun.vocabulary.outcomes import Failed, Sent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account("garden", "pretend", "play")


@pytest.fixture(autouse=True)
def installation(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "srv" / "huoqun"
    settings.DATA.mkdir(parents=True)


def post(account: Account, **more: object) -> Asked:
    return Asked(key="k", action=PostToGroup(account=account, group_id="r1", body=Body(text="早上好"), **more))


def test_what_was_done_is_there_for_the_next_process() -> None:
    assert isinstance(registry.carrier_for(ACCOUNT).send(post(ACCOUNT)), Sent)
    assert isinstance(registry.carrier_for(ACCOUNT).look_up(post(ACCOUNT)), Sent)


def test_accounts_have_worlds_of_their_own() -> None:
    others = [
        Account("orchard", "pretend", "play"),
        Account("garden", "pretend", "../play"),
        Account("garden", "pretend", "试 / play"),
    ]
    registry.carrier_for(ACCOUNT).send(post(ACCOUNT))
    for other in others:
        carrier = registry.pretended(other, now=lambda: NOW)
        assert carrier.world.times_done() == {}
        with pytest.raises(ValueError, match="garden/pretend/play"):
            carrier.send(post(ACCOUNT))


def test_the_file_lies_in_the_installation(tmp_path: Path) -> None:
    registry.pretended(Account("garden", "pretend", "../../away"), now=lambda: NOW)
    (world,) = tmp_path.rglob("*.sqlite3")
    assert world.parent == tmp_path / "srv" / "huoqun" / "pretend"


def test_another_carriers_account_is_not_pretended() -> None:
    with pytest.raises(registry.NoCarrier):
        registry.pretended(Account("garden", "wecom", "play"))


def test_a_post_comes_back_as_an_event_of_ours() -> None:
    carrier = registry.pretended(ACCOUNT, now=lambda: NOW)
    sent = carrier.send(post(ACCOUNT, mentions=("p1", "p999")))
    assert isinstance(sent, Sent)
    assert sent.reached == 30
    assert sent.failed == (Failed(member_id="p999", reason="Not in the group any more."),)
    (event,) = carrier.receive("").records
    assert isinstance(event, MessagePosted)
    assert (event.message_id, event.house, event.mentions) == (sent.message_id, True, ("p1", "p999"))
