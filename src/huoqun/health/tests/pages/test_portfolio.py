"""The portfolio's page, and what the first page and the list of groups say of causes, next actions and forecasts."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from huoqun.community.models import Community, Group
from huoqun.community.operations import communities
from huoqun.console.models import Role, Staff
from huoqun.health.flows import flows
from huoqun.health.models import Audit, GroupHealth, WorkingHours
from huoqun.health.pages import gains, life_map
from huoqun.health.pages.movements import movements
from huoqun.health.queries import Placed
from huoqun.health.tests.pages.conftest import AS_OF, NOW, group, health, portfolio
from huoqun.health.tests.test_flows import NOVEMBER, OCTOBER, SEPTEMBER, THREE

pytestmark = pytest.mark.django_db

TRACK = {
    "groups": 40, "forecasts": 300, "silences": 60, "windows": 12, "first_day": 20000, "last_day": 20400, "auc": 0.88,
    "auc_low": 0.8, "auc_high": 0.93, "calibration_error": 0.03, "bins": [], "brier": 0.1, "brier_base": 0.16, "ended": 20,
    "warned": 12, "lead_days": 33,
}  # fmt: skip
HOSTILE = "</script><img src=x onerror=alert(1)>&'\""


def row(group_key: int, action: str, hours: float, people: float, *, within: bool = False) -> dict[str, Any]:
    return {
        "group_key": group_key, "action": action, "operator": "mo", "hours": hours, "people": people, "messages": people * 3,
        "place": 0, "within": within, "with_group": None,
    }  # fmt: skip


def operator(name: str, alive: float | None, *, verdict: str = "cannot_tell") -> dict[str, Any]:
    low, high = (None, None) if alive is None else (alive - 0.1, alive + 0.1)
    talk = None if alive is None else 1.1
    return {
        "operator": name, "groups": 12, "alive_share": 0.5, "messages_a_group": 88.4, "alive": alive, "alive_low": low,
        "alive_high": high, "talk": talk, "talk_low": talk and 0.9, "talk_high": talk and 1.3, "verdict": verdict,
        "hours_a_week": 6.5, "hours_a_group": 0.5, "house_messages": 90,
    }  # fmt: skip


@pytest.fixture
def told(balcony: Community) -> Audit:
    """The newest audit knows why 番茄群 falls and what to do, and foresees its silence; past months are kept as states."""
    audit = Audit.objects.get(community=balcony, as_of=AS_OF)
    falling, steady = Group.objects.get(name="番茄群"), Group.objects.get(name="香草群")
    audit.outlook = {"track": TRACK, "why_none": "", "model": "shipped"}
    audit.advice = {"hours": 3.0, "rows": [row(falling.key, "revive", 3, 9.4, within=True), row(steady.key, "merge", 2, 0.2)]}
    audit.advice["loads"] = [{"operator": "mo", "groups": 2, "asked": 17.5, "given": 3, "there": None}]
    audit.operators = [operator("mo", 0.02), operator("an", -0.3, verdict="worse"), operator("zhu", None, verdict="too_few")]
    audit.states = {"declining": [falling.pk], "steady": [steady.pk]}
    audit.save()
    before = AS_OF - timedelta(days=33)
    Audit.objects.create(
        community=balcony, as_of=before, ran_at=NOW, complete=False, portfolio=portfolio(),
        states={"steady": [falling.pk], "dormant": [steady.pk]},
    )  # fmt: skip
    causes = [{"code": "ad_fatigue", "strength": 0.8, "figures": {"ads_share": 0.6}, "messages": []}]
    GroupHealth.objects.filter(audit=audit, group=falling).update(
        causes=causes, main_cause="ad_fatigue", action="thin_out_ads", advice={"first_step": "pause_ads", "effort": 0.5},
        p_silent=0.72, p_silent_low=0.61, p_silent_high=0.8,
    )  # fmt: skip
    GroupHealth.objects.filter(audit=audit, group=steady).update(action="leave_alone", p_silent=0.02)
    return audit


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def data(html: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}-data" type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found, name
    return json.loads(found[1])


@pytest.fixture
def as_lin(client: Client, lin: Staff) -> Client:
    client.force_login(lin)
    return client


def test_the_first_page_has_cause_action_and_chance_beside_the_finding(as_lin: Client, told: Audit) -> None:
    need = page(as_lin, "/").split('id="portfolio"')[0]
    assert "too many ads" in need
    assert re.search(r'href="/groups/\d+/#why" title="No ads for a week[^"]*">thin out ads</a>', need)
    assert "72%" in need
    assert "(61%–80%)" in need
    assert "0.88 of pairs" in need, "no forecast without its track record"


def test_an_open_question_is_answered_even_in_a_group_to_be_left_alone(as_lin: Client, told: Audit) -> None:
    steady = GroupHealth.objects.get(audit=told, group__name="香草群")
    GroupHealth.objects.filter(pk=steady.pk).update(unanswered=15)
    need = page(as_lin, "/").split('id="portfolio"')[0]
    assert re.search(rf'href="/groups/{steady.group_id}/#questions" title="Answer the open[^"]*">welcome and answer</a>', need)
    assert "leave alone" not in need


def test_no_forecast_is_shown_without_a_track_record(as_lin: Client, told: Audit) -> None:
    told.outlook = {"track": None, "why_none": "past_too_short", "model": "shipped"}
    told.save()
    for address in ("/", "/groups/"):
        html = page(as_lin, address)
        assert "72%" not in html, address
        assert "too many ads" in html, address
    exported = b"".join(as_lin.get("/groups/", {"export": "csv"}).streaming_content).decode()
    assert "72%" not in exported
    assert "番茄群" not in page(as_lin, "/groups/?chance_from=50")


def test_a_steady_group_that_is_likely_to_fall_silent_needs_somebody(as_lin: Client, told: Audit) -> None:
    assert "香草群" not in page(as_lin, "/").split('id="portfolio"')[0]
    GroupHealth.objects.filter(audit=told, group__name="香草群").update(p_silent=0.9)
    need = page(as_lin, "/").split('id="portfolio"')[0]
    assert need.index("番茄群") < need.index("香草群"), "a fall that is there comes first"


def test_the_list_narrows_and_exports_by_cause_action_and_forecast(as_lin: Client, told: Audit) -> None:
    for query, there in (
        ("cause=ad_fatigue", True), ("cause=too_small", False), ("action=thin_out_ads", True), ("action=leave_alone", False),
        ("chance_from=70", True), ("chance_from=73", False), ("growth_from=2&growth_to=3", True), ("growth_from=3", False),
        ("alive_from=89&alive_to=91", True), ("alive_to=50", False),
    ):  # fmt: skip
        assert ("番茄群" in page(as_lin, f"/groups/?{query}")) is there, query
    html = page(as_lin, "/groups/?sort=-chance")
    assert html.index("番茄群") < html.index("香草群")
    lines = b"".join(as_lin.get("/groups/", {"export": "csv"}).streaming_content).decode("utf-8-sig")
    first, _second = csv.DictReader(io.StringIO(lines))
    assert (first["Main cause"], first["Next action"]) == ("too many ads", "thin out ads")
    assert first["Silent in 30 days"] == "72% (61%–80%)"
    assert first["Net growth"] == "2.5"


@pytest.mark.method("A01", "A20")
def test_the_map_shows_growth_and_life_apart(as_lin: Client, told: Audit) -> None:
    GroupHealth.objects.filter(audit=told, group__name="番茄群").update(p_alive=0.3, members=40, joins_30d=6, leaves_30d=2)
    html = page(as_lin, "/portfolio/")
    assert "2 of 2 groups gain members; 1 of these are more likely silent than alive." in html
    kinds = data(html, "life-map")["kinds"]
    falling = next(kind for kind in kinds if kind["name"] == "declining")
    assert (falling["tone"], falling["shape"]) == ("amber", "down"), "colour and shape say the state"
    pk = Group.objects.get(name="番茄群").pk
    assert falling["spots"] == [[10.0, -0.847, 40, "番茄群", f"/groups/{pk}/", "+10", "30%", "40"]]
    assert f'<a href="/groups/{pk}/">番茄群</a>' in html.split('id="life-map-data"')[1], "the table leads there too"


def test_the_map_by_change_of_talk(as_lin: Client, told: Audit) -> None:
    kinds = data(page(as_lin, "/portfolio/?by=level"), "life-map")["kinds"]
    assert kinds[0]["spots"][0][1] == -1.415, "from 40 to 15 is 1.4 halvings"


def test_what_is_not_known_is_not_drawn_and_said(as_lin: Client, told: Audit) -> None:
    GroupHealth.objects.filter(audit=told, group__name="番茄群").update(joins_30d=None)
    assert "1 group is not drawn" in page(as_lin, "/portfolio/")
    GroupHealth.objects.filter(audit=told).update(joins_30d=None)
    html = page(as_lin, "/portfolio/")
    assert "Growth is not known" in html
    assert "life-map-data" not in html


def place(number: int, state: str, *, joins: int, alive: float) -> Placed:
    return Placed(number, f"群{number}", state, 100, joins, 0, alive, None, None)


def test_many_groups_become_marks_that_lead_to_their_list() -> None:
    crowd = [place(n, "dead", joins=4, alive=0.01) for n in range(700)] + [place(900, "steady", joins=40, alive=0.9)]
    drawn = life_map.draw(crowd)
    assert drawn.many
    assert drawn.chart is not None
    (alone, together) = (kind.spots[0] for kind in drawn.chart.kinds)
    assert (alone.name, alone.url, alone.x) == ("群900", "/groups/900/", life_map.EDGE)
    assert alone.told[0] == "+40", "beyond the edge the tip tells the true figure"
    assert (together.size, together.number) == (700, 700)
    assert together.url == "/groups/?state=dead&growth_from=4&growth_to=4&alive_from=1&alive_to=1"
    table = drawn.chart.table()
    assert [re.sub("<.*?>", "", cell) for cell in table.rows[1][1:]] == ["0", "0", "700"]
    assert sum(spot.number for kind in drawn.chart.kinds for spot in kind.spots) == 701, "nobody is lost"


@pytest.mark.method("A03")
def test_groups_move_between_states(as_lin: Client, told: Audit) -> None:
    html = page(as_lin, "/portfolio/")
    assert "groups fell silent 0 times and woke up 1 times; 0 new ones began." in html
    chart = data(html, "state-flows")
    assert chart["columns"] == ["2026-10-20", "2026-11-20"]
    assert [stop[1:] for stop in chart["stops"]] == [
        ["steady", "good", 1], ["dormant", "quiet", 1], ["steady", "good", 1], ["declining", "amber", 1],
    ]  # fmt: skip
    assert chart["streams"] == [[0, 3, 1], [1, 2, 1]]


def test_the_picture_of_three_months_counts_every_group_once_a_month() -> None:
    found = movements(flows([THREE], [SEPTEMBER, OCTOBER, NOVEMBER]))
    assert found is not None
    counted = [sum(stop.number for stop in found.chart.stops if stop.column == column) for column in range(3)]
    assert counted == [5, 5, 5], "four and the one that was not there yet; five; five"
    assert len(found.chart.table().rows) == len(found.chart.streams)
    assert found.chart.table().rows[0][:2] == ("2026-10-20", "2026-11-20"), "the newest month first"


def test_without_two_months_there_are_no_flows_but_words(as_lin: Client, balcony: Community) -> None:
    assert "once two months have been audited" in page(as_lin, "/portfolio/")


@pytest.mark.method("A16", "A17", "B32")
def test_what_would_be_gained_by_which_action(as_lin: Client, told: Audit) -> None:
    html = page(as_lin, "/portfolio/")
    assert "With 3 hours a week, 1 of the 2 groups" in html
    assert "about 9 people" in html
    assert '<a href="/groups/?action=revive">revive</a>' in html
    tried = page(as_lin, "/portfolio/?hours=2")
    assert "With 2 hours a week, 1 of the 2 groups" in tried, "the dearer one does not fit, the other does"
    assert "about 0 people" in tried
    assert "2 of the 2 groups" in page(as_lin, "/portfolio/?hours=5")
    assert "With 3 hours a week" in page(as_lin, "/portfolio/?hours=many"), "what is no number changes nothing"


@pytest.mark.method("B32")
def test_hours_are_kept_for_the_community_by_who_leads_it(as_lin: Client, told: Audit, mo: Staff) -> None:
    keep = reverse("health:keep_hours")
    assert as_lin.post(keep, {"hours": "-1"}).status_code == 302
    assert not WorkingHours.objects.exists()
    assert as_lin.post(keep, {"hours": "5"}).status_code == 302
    assert WorkingHours.objects.get().hours_a_week == 5
    assert "2 of the 2 groups" in page(as_lin, "/portfolio/")
    as_lin.force_login(mo)
    assert as_lin.post(keep, {"hours": "50"}).status_code == 403
    assert as_lin.get(keep).status_code == 403


def test_hours_are_never_exceeded_and_the_best_spent_come_first() -> None:
    advice = gains.Advised({"hours": 4, "rows": [row(n, "revive", 1 + n % 3, n % 7) for n in range(60)]})
    for hours in (0, 1, 7.5, 1000):
        found = gains.gains([advice], hours=hours)
        assert found is not None
        assert sum(first["hours"] for first in found.first) <= hours
        worth = [first["people"] / first["hours"] for first in found.first]
        assert worth == sorted(worth, reverse=True)
    assert gains.gains([gains.Advised({}), gains.Advised({"rows": []})]) is None


@pytest.mark.method("A27", "I12")
def test_operators_stand_side_by_side_with_intervals_and_in_words(as_lin: Client, told: Audit) -> None:
    html = page(as_lin, "/portfolio/").split('id="operators"')[1]
    assert "1 of 3 operators differs from comparable groups by more than chance" in html
    assert data(html, "operators-chart")["rows"] == [
        ["an", -0.3, pytest.approx(-0.4), pytest.approx(-0.2)], ["mo", 0.02, pytest.approx(-0.08), pytest.approx(0.12)],
    ]  # fmt: skip
    assert "cannot be told apart" in html
    assert "too few groups to say" in html
    assert "−30 (−40 to −20)" in html
    assert ">6.5<" in html, "hours a week"
    assert html.count(">17.5<") == 1, "what mo's groups would take; of the others nothing is known"
    told.operators = [operator("mo", 0.02) | {"todos_done": 20, "todos_in_time": 15, "todos_late": 4}, operator("an", -0.03)]
    told.save()
    html = page(as_lin, "/portfolio/")
    assert "The operators cannot be told apart" in html
    assert html.count(">20 (75%)<") == 1, "an older audit did not look at to-dos"
    assert html.count(">4<") == 1


def test_an_interval_without_width_is_not_shown_as_certainty(as_lin: Client, told: Audit) -> None:
    even = {"alive": 0.0, "alive_low": -0.0, "alive_high": 0.0, "talk": 1.0, "talk_low": 1.0, "talk_high": 1.0}
    told.operators = [operator("mo", 0.0) | even, operator("an", 0.0) | even]
    told.save()
    html = page(as_lin, "/portfolio/").split('id="operators"')[1]
    assert "The operators cannot be told apart" in page(as_lin, "/portfolio/")
    assert "operators-chart" not in html
    assert "×1.00" not in html


def test_an_operator_sees_nobody_elses_figures(as_mo: Client, told: Audit) -> None:
    html = page(as_mo, "/portfolio/").split('id="operators"')[1]
    assert [shown[0] for shown in data(html, "operators-chart")["rows"]] == ["mo"]
    assert "zhu" not in html


def test_names_are_never_markup(as_lin: Client, told: Audit) -> None:
    Group.objects.update(name=HOSTILE)
    told.operators = [operator(HOSTILE, 0.1)]
    told.save()
    for address in ("/portfolio/", "/", "/groups/"):
        html = page(as_lin, address)
        assert "<img src=x" not in html, address
        assert html.count("<script") == html.count("</script>"), address
    html = page(as_lin, "/portfolio/")
    assert data(html, "life-map")["kinds"][0]["spots"][0][3] == HOSTILE
    assert data(html, "operators-chart")["rows"][0][0] == HOSTILE


def test_several_communities_stand_together(client: Client, told: Audit) -> None:
    roof = communities.found("屋顶", slug="roof", zone="Asia/Shanghai", now=NOW)
    audit = Audit.objects.create(
        community=roof, as_of=AS_OF, ran_at=NOW, portfolio=portfolio(), operators=[operator("mo", 0.0)],
        advice={"hours": 1, "rows": [row(9, "revive", 1, 4, within=True)]},
    )  # fmt: skip
    health(audit, group(roof, 9, "葱群"), "thriving", since=AS_OF)
    client.force_login(Staff.objects.create(username="root", role=Role.ADMIN, language="en"))
    html = page(client, "/portfolio/")
    assert "3 of 3 groups gain members" in html
    assert "With 4 hours a week, 2 of the 3 groups" in html
    assert "mo · 屋顶" in html
    assert "choose one to keep them" in html
    assert client.post(reverse("health:keep_hours"), {"hours": "5"}).status_code == 302
    assert not WorkingHours.objects.exists()
    assert "With 99 hours a week, 3 of the 3 groups" in page(client, "/portfolio/?hours=99"), "tried for all together"
    WorkingHours.objects.create(community=roof, hours_a_week=0)
    assert "With 3 hours a week, 1 of the 3 groups" in page(client, "/portfolio/"), "each community by its own hours"


def test_who_belongs_elsewhere_sees_nothing(client: Client, yu: Staff, told: Audit) -> None:
    client.force_login(yu)
    html = page(client, "/portfolio/")
    for word in ("番茄群", "香草群", "life-map", "mo"):
        assert word not in re.sub(r"<[^>]*>", "", html.split("<main")[1].split("</main>")[0]), word
    client.post(reverse("health:keep_hours"), {"hours": "5"})
    assert not WorkingHours.objects.filter(community__slug="balcony").exists()


def test_strangers_are_sent_to_the_door(client: Client, told: Audit) -> None:
    assert client.get("/portfolio/").status_code == 302


def test_the_page_asks_few_queries_however_many_groups(
    as_lin: Client, told: Audit, balcony: Community, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(30, 50):
        health(told, group(balcony, number, f"群{number}"), "steady", since=AS_OF)
    for address in ("/portfolio/", "/", "/groups/", "/groups/?sort=-chance&cause=ad_fatigue"):
        as_lin.get(address)
        with django_assert_max_num_queries(15):
            as_lin.get(address)


def test_the_page_is_whole_in_english(as_lin: Client, told: Audit) -> None:
    html = re.sub(
        r"<script.*?</script>", "", page(as_lin, "/portfolio/").split("<main")[1].split("</main>")[0], flags=re.DOTALL
    )
    for own in ("番茄群", "香草群"):
        html = html.replace(own, "")
    assert not re.findall(r"[一-鿿]+", html)
