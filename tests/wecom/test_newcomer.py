"""A customer scans a live code: welcomed, known with source and inviter, heard, counted, and gone again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huoqun.admission.models import Greeting, Welcome
from huoqun.carriers.wecom.archive import operations as archive
from huoqun.carriers.wecom.tests.sandbox import Sandbox, running_sandbox
from huoqun.community.models import Community, Contact, Identity, Membership
from huoqun.community.models import House as HouseLabel
from huoqun.community.operations import communities
from huoqun.health.long_work import audit_community
from huoqun.outbox import operations as outbox
from huoqun.outbox.models import Request
from huoqun.vocabulary.actions import Action, MakeContactLink, MakeJoinLink
from tests.wecom.house import House, connected_house, front_door

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running_sandbox(seed=11, staff=4, groups=3, people=90, customers=30) as found:
        yield found


@pytest.fixture
def garden(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    from huoqun.config import paths

    monkeypatch.setattr(paths, "HISTORY", tmp_path / "history")
    return communities.found("栀野读书会", slug="garden", zone="Asia/Shanghai", now=datetime.now(UTC))


def ask(house: House, action: Action, key: str) -> str:
    """Have it done; what the carrier calls the result."""
    outbox.ask(action, key=key, room="story", about="story", now=datetime.now(UTC))
    row = house.until(lambda: Request.objects.filter(key=key, state="sent").first(), key)
    return str(row.message_id)


@pytest.mark.method("I01", "I02", "E11")
def test_a_customer_who_scans_a_live_code_is_welcomed_and_credited_to_it(
    sandbox: Sandbox, garden: Community, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    settings.WECOM_ARCHIVE_LIBRARY = "wecom_sandbox.archive.twin:Twin"  # type: ignore[attr-defined]
    monkeypatch.setenv("WEWORK_SANDBOX", sandbox.base_url)
    with front_door() as address, connected_house(sandbox, garden, address) as house:
        account = house.corp.account
        assert sandbox.company is not None
        lin = sandbox.company.directory.with_contact()[0].userid
        chat = sandbox.company.groups.ever()[0].chat_id
        locked_for = archive.make_key(house.corp, by=None, now=datetime.now(UTC))
        sandbox.control("archive/key", {"public_key": locked_for.public})
        sandbox.control("archive/licences", {"userids": "all"})

        # Lin writes a welcome and has a live code made for herself, and one for the group.
        Welcome.objects.create(
            community=garden, source="poster-3", text="{{称呼}}，看到海报来的吧？", changed_at=datetime.now(UTC)
        )
        code = ask(house, MakeContactLink(account=account, staff_ids=(lin,), source="poster-3"), "live-code/1")
        way_in = ask(house, MakeJoinLink(account=account, group_id=chat, source="poster-3"), "join-code/1")

        # Tao scans it and is welcomed by name, well within the twenty seconds.
        tao = sandbox.people("scan_contact_way", config_id=code, name="小陶")["external_userid"]
        greeting = house.until(lambda: Greeting.objects.filter(outcome="sent").first(), "the welcome")
        (welcome,) = sandbox.control("welcomes")["welcomes"]
        assert (welcome["external_userid"], welcome["text"]) == (tao, "小陶，看到海报来的吧？")
        assert welcome["seconds"] < 20
        assert greeting.source == "poster-3"

        # She is known as Lin's contact, by the code she came by; Lin is a colleague and no member.
        contact = house.until(lambda: Contact.objects.filter(identity__native_id=tao).first(), "the contact")
        assert (contact.staff.native_id, contact.source, contact.way, contact.identity.name) == (
            lin,
            "poster-3",
            "code",
            "小陶",
        )
        assert contact.staff.person.house == HouseLabel.STAFF

        # She comes into the group by its code, and is found there with inviter and source.
        sandbox.people("scan_join_way", config_id=way_in, external_userid=tao)
        place = house.until(lambda: Membership.objects.filter(identity__native_id=tao).first(), "the membership")
        assert (place.group.native_id, place.source, place.way) == (chat, "poster-3", "code")
        assert place.inviter is not None
        assert place.inviter.native_id == sandbox.company.groups.get(chat).owner

        # She speaks; the archive tells it, and the audit counts it.
        sandbox.people("speak", by=tao, chat_id=chat, text="大家好，今晚几点开始？")
        tomorrow = datetime.now(UTC) + timedelta(days=1)

        def counted() -> bool:
            audit_community(garden, now=tomorrow)
            return Identity.objects.get(native_id=tao).person.messages == 1

        house.until(counted, "what she said")

        # She leaves the group and takes Lin out.
        sandbox.people("leave_group", chat_id=chat, person=tao)
        sandbox.people("drop_contact", userid=lin, external_userid=tao)
        house.until(lambda: Membership.objects.filter(identity__native_id=tao, left_at__isnull=False).exists(), "leaving")
        contact = house.until(lambda: Contact.objects.filter(lost_at__isnull=False).first(), "parting")
        assert contact.lost_by_customer
