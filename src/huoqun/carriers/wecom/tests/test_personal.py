"""What this carrier's rows hold about a person is handed out, goes when they are erased, and does not come back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from huoqun.carriers.operations import forget_mentions
from huoqun.carriers.queries import all_about
from huoqun.carriers.wecom.archive.operations import keep_licensed
from huoqun.carriers.wecom.archive.queries import forgotten
from huoqun.carriers.wecom.models import Archive, ArchiveConsent, Colleague, Corp, Deed, Sync
from huoqun.carriers.wecom.sync import operations
from huoqun.carriers.wecom.sync.page import ColleagueNote
from huoqun.vocabulary.ids import person_key

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def company(community: str) -> Corp:
    corp = Corp.objects.create(community=community, corpid="wwcorp", name="栀野生活", made_at=NOW)
    Archive.objects.create(corp=corp, licensed=["lin", "ren"])
    ArchiveConsent.objects.create(corp=corp, group_id="wr1", person_id="ren", answer="Agree", at=NOW)
    for who in ("lin", "ren"):
        Colleague.objects.create(corp=corp, userid=who, name=who.title(), departments=["客服"])
        Deed.objects.create(corp=corp, key=f"k/{who}", kind="PostToGroup", call=who, sender=who, begun_at=NOW)
    return corp


@pytest.fixture
def corp() -> Corp:
    company("orchard")
    return company("balcony")


def test_everything_about_them_is_handed_out_and_nothing_of_others(corp: Corp) -> None:
    told = all_about("balcony", ["ren"])
    assert told["wecom_colleague"] == [
        {"userid": "ren", "name": "Ren", "departments": ["客服"], "serves": False, "expected": 0}
    ]
    assert told["wecom_archive_consents"] == [{"group_id": "wr1", "answer": "Agree", "at": NOW}]
    assert "lin" not in str(told).lower()
    assert all_about("nowhere", ["ren"]) == {}


def test_a_colleague_who_is_erased_leaves_no_row_and_no_name_and_a_walk_brings_neither_back(corp: Corp) -> None:
    forget_mentions("balcony", ["ren"])
    walk = Sync.objects.create(corp=corp, begun_at=NOW)
    operations._keep_colleagues(
        walk, [ColleagueNote(userid=who, name=who.title(), departments=(), serves=True) for who in ("lin", "ren")]
    )
    assert list(Colleague.objects.filter(corp=corp).values_list("userid", flat=True)) == ["lin"]
    assert sorted(Deed.objects.filter(corp=corp).values_list("sender", flat=True)) == ["", "lin"]
    assert not ArchiveConsent.objects.filter(corp=corp).exists()
    assert all_about("balcony", ["ren"]) == {}
    assert Colleague.objects.filter(corp__community="orchard").count() == 2


def test_their_licence_still_makes_groups_heard_under_a_key_that_names_nobody(corp: Corp) -> None:
    forget_mentions("balcony", ["ren"])
    archive = Archive.objects.get(corp=corp)
    hidden = f"#{person_key(corp.account, 'ren')}"
    assert archive.licensed == sorted([hidden, "lin"])
    keep_licensed(archive, ["lin", "ren"])
    assert Archive.objects.get(corp=corp).licensed == sorted([hidden, "lin"])
    assert forgotten(corp) == {person_key(corp.account, "ren")}
