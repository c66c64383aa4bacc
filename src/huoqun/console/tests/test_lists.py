"""The list helper, over staff accounts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from huoqun.console import operations
from huoqun.console.lists.files import csv_lines, harmless, xlsx
from huoqun.console.models import Export, Role, Staff

LIST = "/staff/"


@pytest.fixture
def many(lin: Staff) -> list[Staff]:
    return [operations.add_staff(f"a{i:03}", role=[Role.OPERATOR, Role.LEAD][i % 2]) for i in range(119)]


@pytest.fixture
def admin(as_: Callable[[Staff], Client], lin: Staff) -> Client:
    return as_(lin)


def listed(client: Client, query: str = "", **headers: str) -> Any:
    return client.get(LIST + query, headers=headers or None).context["list"]


def usernames(client: Client, query: str) -> list[str]:
    page = listed(client, query)
    return [Staff.objects.get(pk=row.key).username for row in page.drawn]


def test_fifty_a_page_none_twice(admin: Client, many: list[Staff]) -> None:
    pages = [usernames(admin, f"?page={n}") for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({name for page in pages for name in page}) == 120
    assert listed(admin, "?page=99").page == 3
    assert listed(admin, "?page=-1").page == listed(admin, "?page=x").page == 1


def test_sorted_both_ways_what_is_unknown_last(admin: Client, many: list[Staff]) -> None:
    assert usernames(admin, "?sort=-username")[0] == "lin"
    assert usernames(admin, "?sort=username")[0] == "a000"
    many[7].last_login = datetime(2020, 1, 1, tzinfo=UTC)
    many[7].save()
    assert usernames(admin, "?sort=last_login")[0] == "a007"
    assert "a007" in usernames(admin, "?sort=-last_login")[:2]
    assert usernames(admin, "?sort=password")[0] == "a000"


def test_filters_narrow_and_bad_ones_say_so(admin: Client, many: list[Staff]) -> None:
    assert listed(admin, "?role=lead").total == 59
    assert usernames(admin, "?q=A00+9") == ["a009"]
    wrong = listed(admin, "?role=king")
    assert wrong.wrong == ["角色：没有“king”这个选项。"]
    assert wrong.total == 120
    days = admin.get("/staff/exports/?at_from=yesterday").context["list"]
    assert days.wrong == ["日期：“yesterday – ”不是像 2026-03-31 这样的日期。"]


def test_a_part_for_htmx_the_page_for_everybody_else(admin: Client, many: list[Staff]) -> None:
    part = admin.get(LIST, headers={"hx-request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="list"')
    back = admin.get(LIST, headers={"hx-request": "true", "hx-history-restore-request": "true"}).content.decode()
    assert "<html" in back
    assert "HX-Request" in admin.get(LIST).headers["Vary"]


def test_a_page_costs_few_queries(admin: Client, many: list[Staff], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(15):
        admin.get(LIST)


@pytest.mark.method("I18")
def test_a_csv_for_excel_carries_no_formula(admin: Client, lin: Staff) -> None:
    for number, name in enumerate(['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "苏婉, “引号”"]):
        Staff.objects.create(username=f"r{number}", name=name)
    answer = admin.get(LIST + "?export=csv&sort=username")
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff用户名,")
    cells = [row[1] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))][2:]
    assert cells == ['\'=HYPERLINK("http://x")', "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'  =1", "苏婉, “引号”"]
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="staff-')


def test_an_xlsx_opens_with_text_as_text(admin: Client, lin: Staff) -> None:
    Staff.objects.create(username="r1", name="=1+1")
    Staff.objects.create(username="r2", name="控制符\x0b在此")
    file = io.BytesIO(b"".join(admin.get(LIST + "?export=xlsx&sort=username").streaming_content))
    sheet = load_workbook(file).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:2] == ("用户名", "姓名")
    assert rows[2][1] == "'=1+1"
    assert rows[3][1] == "控制符在此"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_an_export_takes_the_whole_filtered_list_and_is_written_down(admin: Client, many: list[Staff], lin: Staff) -> None:
    answer = admin.get(LIST + "?role=lead&export=csv&page=2")
    assert len(b"".join(answer.streaming_content).decode().splitlines()) == 60
    kept = Export.objects.get()
    assert (kept.what, kept.kind, kept.query, kept.rows, kept.by) == ("staff", "csv", "role=lead", 59, lin)


def test_times_in_files_are_the_accounts(lin: Staff, as_: Callable[[Staff], Client]) -> None:
    lin.zone, lin.last_login = "Asia/Tokyo", None
    lin.save()
    client = as_(lin)
    Staff.objects.filter(pk=lin.pk).update(last_login=datetime(2026, 3, 4, 12, tzinfo=UTC))
    assert "2026-03-04 21:00:00" in b"".join(client.get(LIST + "?export=csv").streaming_content).decode()


def test_numbers_and_none_stay_what_they_are() -> None:
    assert harmless(-5) == -5
    assert list(csv_lines(["a"], [[None], [-5], [1.5]]))[1:] == ['""\r\n', "-5\r\n", "1.5\r\n"]
    file = xlsx("a[b]:c" * 9, ["n"], [[-5], [None], [2.5]])
    assert [row[0] for row in load_workbook(file).active.iter_rows(values_only=True)] == ["n", -5, None, 2.5]


def test_an_action_is_done_to_the_ticked_rows_only(admin: Client, many: list[Staff]) -> None:
    admin.post(LIST, {"action": "off", "rows": [many[0].pk, many[1].pk, "x", ""]})
    assert set(Staff.objects.filter(is_active=False).values_list("username", flat=True)) == {"a000", "a001"}


def test_the_whole_list_means_the_filtered_one(admin: Client, many: list[Staff]) -> None:
    admin.post(LIST + "?role=lead", {"action": "off", "whole": "1"})
    assert set(Staff.objects.filter(is_active=False).values_list("role", flat=True)) == {"lead"}
    assert Staff.objects.filter(is_active=False).count() == 59


def test_nothing_ticked_and_refusals_are_said(admin: Client, lin: Staff) -> None:
    said = admin.post(LIST, {"action": "off"}, follow=True)
    assert "请先勾选" in said.content.decode()
    said = admin.post(LIST, {"action": "off", "rows": [lin.pk]}, follow=True)
    assert "至少要留一位管理员" in said.content.decode()
    assert admin.post(LIST, {"action": "explode", "rows": [lin.pk]}).status_code == 404


def test_an_empty_list_says_what_comes_next(admin: Client) -> None:
    page = admin.get("/staff/exports/").content.decode()
    assert "还没有人导出过列表" in page
    assert reverse("console:exports") == "/staff/exports/"
    assert "没有符合筛选条件" in admin.get(LIST + "?q=nobody").content.decode()


def test_an_odd_export_is_not_here(admin: Client) -> None:
    assert admin.get(LIST + "?export=exe").status_code == 404
