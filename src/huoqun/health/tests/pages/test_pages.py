from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group, Person, Segment, Tag
from huoqun.console.models import Role, Staff
from huoqun.health.models import PersonRole
from huoqun.inbox.models import Entry

pytestmark = pytest.mark.django_db


def text(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(f"health:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.method("A01", "A02", "A03", "A04", "L18")
def test_the_first_page_says_who_needs_me_how_it_stands_and_what_changed(as_mo: Client) -> None:
    page = text(as_mo, "home")
    need, rest = page.split('id="portfolio"')
    assert "番茄群" in need
    assert "香草群" not in need
    assert "2 " in rest
    changed = rest.split('id="changes"')[1]
    assert "番茄群" in changed
    assert "4" in page and "1.3%" in page  # noqa: PT018  the method's own counts stand beside


def test_without_an_audit_the_first_page_says_what_to_do(client: Client, yu: Staff) -> None:
    client.force_login(yu)
    assert reverse("community:imports") in text(client, "home")


def test_an_empty_house_says_on_which_page_one_is(client: Client, db: None) -> None:
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN, language="en"))
    assert "<h1>Today</h1>" in re.sub(r"<h1[^>]*>", "<h1>", client.get("/").content.decode())
    portfolio = client.get("/portfolio/").content.decode()
    assert "<h1>Portfolio</h1>" in re.sub(r"<h1[^>]*>", "<h1>", portfolio)
    assert 'id="due"' not in portfolio


def test_an_administrator_of_an_empty_house_is_not_sent_to_an_administrator(client: Client, db: None) -> None:
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN, language="en"))
    page = text(client, "home")
    assert "The first import makes one." in page
    assert "seat" not in page


@pytest.mark.method("C17", "A25", "F23")
def test_a_group_tells_its_life_structure_newcomers_and_open_questions(as_mo: Client, balcony: Community) -> None:
    page = text(as_mo, "group", Group.objects.get(name="番茄群").pk)
    assert "2026-11-17" in page
    assert "番茄&lt;b&gt;叶子&lt;/b&gt;发黄怎么办？" in page
    assert "<b>叶子" not in page
    assert "小陶" in page
    assert "2 / 12" in page or "12" in page


def test_pages_are_whole_in_english_too(client: Client, lin: Staff) -> None:
    client.force_login(lin)
    for name, args in (("home", ()), ("groups", ()), ("group", (Group.objects.get(name="番茄群").pk,)), ("people", ())):
        page = text(client, name, *args)
        body = re.sub(r"<script.*?</script>|<title>.*?</title>", "", page.split("<main")[1], flags=re.DOTALL)
        for own in ("番茄群", "香草群", "阳台种菜", "小陶", "番茄", "叶子", "发黄怎么办", "怎么办", "简体中文"):
            body = body.replace(own, "")
        assert not re.findall(r"[一-鿿]+", body.split("</main>")[0]), name


def test_the_list_filters_sorts_and_is_taken_away(as_mo: Client) -> None:
    groups = reverse("health:groups")
    only = as_mo.get(groups, {"state": "declining"}).content.decode()
    assert "番茄群" in only
    assert "香草群" not in only
    book = as_mo.get(groups, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(book.streaming_content))).active
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {"番茄群", "香草群"}
    first = as_mo.get(groups).content.decode()
    assert first.index("番茄群") < first.index("香草群"), "what is falling stands before what is steady"


def test_a_view_is_kept_as_a_segment(as_mo: Client, mo: Staff) -> None:
    as_mo.post(reverse("health:groups") + "?state=declining", {"save-view": "快不行的"})
    assert Segment.objects.get().filters == {"state": ["declining"]}
    assert "快不行的" in as_mo.get(reverse("health:groups")).content.decode()


def test_many_groups_are_tagged_and_described_at_once(as_mo: Client, mo: Staff) -> None:
    groups = reverse("health:groups")
    as_mo.post(groups, {"action": "tag", "whole": "1", "tag-tag": "华东"})
    as_mo.post(groups, {"action": "describe", "whole": "1", "describe-lifecycle": "seasonal"})
    as_mo.post(groups, {"action": "take_over", "whole": "1"})
    rows = list(Group.objects.all())
    assert [[tag.name for tag in row.tags.all()] for row in rows] == [["华东"], ["华东"]]
    assert {row.lifecycle for row in rows} == {"seasonal"}
    assert {row.operator for row in rows} == {mo}
    as_mo.post(groups, {"action": "untag", "whole": "1", "untag-tag": "华东"})
    assert not Tag.objects.exists(), "a tag nobody carries any more goes"


@pytest.mark.method("L02")
def test_people_are_labelled_merged_and_erased(as_mo: Client, client: Client, lin: Staff, balcony: Community) -> None:
    tao = Person.objects.get(name="小陶")
    as_mo.post(reverse("health:people"), {"action": "label", "rows": [tao.pk], "label-house": "helper"})
    tao.refresh_from_db()
    assert tao.house == "helper"
    page = text(as_mo, "person", tao.pk)
    assert "小陶" in page
    assert "<td>QQ</td>" in page
    assert as_mo.post(reverse("health:erase_person", args=[tao.pk])).status_code == 403
    client.force_login(lin)
    taken = client.get(reverse("health:export_person", args=[tao.pk])).json()
    assert taken["identities"][0]["native_id"] == "q11"
    assert taken["unanswered_questions"]
    client.post(reverse("health:erase_person", args=[tao.pk]))
    assert not Person.objects.filter(pk=tao.pk).exists()
    assert not PersonRole.objects.exists()
    assert Entry.objects.filter(name="PersonErased").exists()


@pytest.mark.method("C01", "C03", "C04", "C05", "L01", "L06", "L08")
def test_a_group_is_described_and_a_flash_group_needs_its_end(as_mo: Client, balcony: Community) -> None:
    group = Group.objects.get(name="番茄群")
    page = reverse("health:describe", args=[group.pk])
    said = {"connects": "interest", "matter": "several", "lifecycle": "flash", "strategy": "quality", "stage": "guided"}
    assert as_mo.post(page, said).status_code == 422
    assert as_mo.post(page, {**said, "planned_end": "2026-12-01", "purpose": "一起种番茄"}).status_code == 302
    group.refresh_from_db()
    assert (group.lifecycle, str(group.planned_end), group.purpose) == ("flash", "2026-12-01", "一起种番茄")


def test_who_belongs_elsewhere_sees_nothing(client: Client, yu: Staff, balcony: Community) -> None:
    client.force_login(yu)
    group, person = Group.objects.get(name="番茄群"), Person.objects.get(name="小陶")
    for name, pk in (("group", group.pk), ("describe", group.pk), ("person", person.pk), ("export_person", person.pk)):
        assert client.get(reverse(f"health:{name}", args=[pk])).status_code == 404, name
    for name in ("home", "groups", "people"):
        page = text(client, name)
        assert "番茄群" not in page, name
        assert "小陶" not in page, name
    client.post(reverse("health:groups"), {"action": "tag", "rows": [group.pk], "tag-tag": "偷看"})
    assert not group.tags.exists()
    exported = client.get(reverse("health:groups"), {"export": "csv"})
    assert "番茄群" not in b"".join(exported.streaming_content).decode()


def test_strangers_are_sent_to_the_door(client: Client, balcony: Community) -> None:
    for name in ("home", "groups", "people"):
        assert client.get(reverse(f"health:{name}")).status_code == 302


def test_lists_cost_the_same_however_long_they_are(
    as_mo: Client, balcony: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("home", "groups", "people"):
        as_mo.get(reverse(f"health:{name}"))
        with django_assert_max_num_queries(15):
            as_mo.get(reverse(f"health:{name}"))
