from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from huoqun.community.models import Community, LabelRule, Seat
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin(balcony: Community) -> Staff:
    staff = Staff.objects.create(username="lin", role=Role.LEAD)
    communities.seat(staff, balcony)
    return staff


@pytest.fixture
def root(db: None) -> Staff:
    return Staff.objects.create(username="root", role=Role.ADMIN)


def test_a_lead_sets_name_zone_and_rules(client: Client, lin: Staff, balcony: Community) -> None:
    client.force_login(lin)
    page = reverse("community:settings", args=["balcony"])
    assert client.post(page, {"name": "阳台与天台", "zone": "Asia/Tokyo"}).status_code == 302
    balcony.refresh_from_db()
    assert (balcony.name, balcony.zone) == ("阳台与天台", "Asia/Tokyo")
    client.post(reverse("community:add_rule", args=["balcony"]), {"pattern": "*bot*", "house": "bot"})
    rule = LabelRule.objects.get()
    assert "*bot*" in client.get(page).content.decode()
    client.post(reverse("community:drop_rule", args=["balcony", rule.pk]))
    assert not LabelRule.objects.exists()


def test_lists_are_checked_before_they_are_applied(client: Client, lin: Staff) -> None:
    client.force_login(lin)
    bad = SimpleUploadedFile("群.csv", "group_id,lifecycle\ng1,永远\n".encode("gb18030"))
    answer = client.post(reverse("community:group_list", args=["balcony"]), {"file": bad})
    assert answer.status_code == 422
    assert "永远" in answer.content.decode()
    good = SimpleUploadedFile("bots.csv", b"author_id,kind\nb1,bot\n")
    assert client.post(reverse("community:house_list", args=["balcony"]), {"file": good}).status_code == 302
    noise = SimpleUploadedFile("x.csv", b"\xff\xff\xff")
    assert client.post(reverse("community:house_list", args=["balcony"]), {"file": noise}).status_code == 422


def test_seats_are_an_administrators(client: Client, lin: Staff, root: Staff, balcony: Community, yu: Staff) -> None:
    give = reverse("community:give_seat", args=["balcony"])
    client.force_login(lin)
    assert client.post(give, {"staff": yu.pk}).status_code == 403
    client.force_login(root)
    client.post(give, {"staff": yu.pk})
    assert Seat.objects.filter(community=balcony, staff=yu).exists()
    client.post(reverse("community:take_seat", args=["balcony", yu.pk]))
    assert not Seat.objects.filter(community=balcony, staff=yu).exists()


def test_who_belongs_elsewhere_does_not_even_learn_that_it_exists(client: Client, yu: Staff, balcony: Community) -> None:
    client.force_login(yu)
    assert client.get(reverse("community:settings", args=["balcony"])).status_code == 404
    assert client.post(reverse("community:add_rule", args=["balcony"]), {"pattern": "*", "house": "bot"}).status_code == 404
    assert "阳台" not in client.get(reverse("community:communities")).content.decode()


def test_a_chosen_community_stays_chosen_and_a_strange_one_is_not_taken(
    client: Client, root: Staff, balcony: Community, elsewhere: Community
) -> None:
    client.force_login(root)
    choose = reverse("community:choose")
    assert client.get(choose, {"slug": "balcony", "next": "/imports/"}).headers["Location"] == "/imports/"
    assert client.session["community"] == "balcony"
    assert client.get(choose, {"slug": "nowhere", "next": "https://evil.example/"}).headers["Location"] == "/"
    assert "community" not in client.session
