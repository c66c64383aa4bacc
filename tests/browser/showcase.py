"""A page with every part of the console once, for tests: what other rooms build their pages from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from huoqun.console.charts import Bars, Calendar, Line, Series, Stack, Turn
from huoqun.console.charts_flows import Axis, Flows, Kind, Map, Span, Spans, Spot, Stop, Stream
from huoqun.console.pages.staff import StaffList
from huoqun.health.pages.group.dependence import Strip
from huoqun.health.pages.group.network import Dot, Network
from huoqun.health.pages.group.ties import Tie, standings

TEMPLATE = """{% extends "console/base.html" %}{% load static console %}
{% block title %}Showcase{% endblock %}{% block heading %}城南读书会{% endblock %}
{% block lead %}
<p>{% state "declining" "在走下坡" %} · {% when moment %} · {% day today %} · {% share 4 300 %}</p>
{% endblock %}
{% block scripts %}<script defer src="{% static 'vendor/echarts.js' %}"></script>
<script defer src="{% static 'console/flows.js' %}"></script>
<script defer src="{% static 'console/network.js' %}"></script>
<script defer src="{% static 'console/strip.js' %}"></script>
<script defer src="{% static 'console/charts.js' %}"></script>{% endblock %}
{% block content %}
{% finding "这个群从 4 月 2 日起说话的人少了一半。" explain="不含工作人员、托和机器人的发言。" source="聊天记录" as_of=moment %}
{% chart line "line" %}{% endfinding %}
{% finding "300 个群里有 4 个天天有人说话，212 个没有声音。" %}{% chart stack "stack" %}{% endfinding %}
{% finding "近一年最热闹的是周三晚上。" %}{% chart calendar "calendar" %}{% endfinding %}
{% finding "三个人回答了一半的问题。" %}{% chart bars "bars" %}{% endfinding %}
{% finding "3 个群里有 2 个在涨人，其中 1 个多半已经没人说话了。" %}{% chart map "map" %}{% endfinding %}
{% finding "上个月有 8 个群安静下来。" %}{% chart flows "flows" %}{% endfinding %}
{% finding "看不出哪位运营更好或更差。" %}{% chart spans "spans" %}{% endfinding %}
{% finding "靠苏婉连着。" %}{% chart network "network" %}{% endfinding %}
{% finding "图里的消息有一半是自己人发的。" %}{% chart strip "strip" %}{% endfinding %}
<section class="card"><div class="card-body"><p>
{% for code in codes %}{% state code code %} {% endfor %}</p>
<p>{% spark values %} {% spark gaps alarm=True %}</p></div></section>
<div class="card">{% empty "还没有群。" "导入聊天记录" "/account/" %}</div>
{% endblock %}"""

KINDS = ["co_builder", "active", "onlooker", "house"]
CODES = ["thriving", "steady", "bubbling", "declining", "dormant", "dead", "planned_end", "waiting", "failed", "other"]


def days(number: int) -> list[date]:
    return [date(2026, 5, 31) - timedelta(days=number - 1 - i) for i in range(number)]


def wave(number: int) -> Iterator[int]:
    return ((7 * i * i + 13 * i) % 41 for i in range(number))


NAMES = ["苏婉", "周一鸣", "</script><b>赵启</b>", "名字特别长的一位热心群友住在城南"]


def larger() -> dict[str, object]:
    """The kinds that have a script of their own."""
    percent = [(-10.0, "−10"), (0.0, "0"), (10.0, "+10")]
    well = Kind("steady", "稳定", [Spot(4, 0.9, 18, NAMES[0], "/account/", ("+4", "90%")), Spot(-2, 0.7, 9, NAMES[1], "")])
    dead = Kind("dead", "已死", [Spot(6, 0.1, 12, NAMES[2], "", ("+6", "10%"))])
    heads = ("群", "状态", "净增", "存活概率")
    chance = Axis("存活概率", [(0.0, "0%"), (0.5, "50%"), (1.0, "100%")], middle=0.5)
    stops = [
        Stop(0, "steady", "稳定", 20),
        Stop(0, "dormant", "沉睡", 5),
        Stop(1, "steady", "稳定", 13),
        Stop(1, "dead", "已死", 12),
    ]
    streams = [Stream(0, 2, 12), Stream(0, 3, 8), Stream(1, 3, 4), Stream(1, 2, 1)]
    spans = [Span(NAMES[0], 0.1, 0.02, 0.18, ("看不出差别",)), Span(NAMES[2], -0.03, -0.12, 0.06, ("看不出差别",))]
    dots = [Dot(name, kind, "", 40 - 9 * i) for i, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True))]
    ties = [Tie(0, 1, 6, 5, 1.0), Tie(0, 2, 3, 0, 1.0), Tie(1, 3, 1.4, 0.8, 0.6)]
    labels = [day.isoformat() for day in days(90)]
    house = Series("自己人", [0 if 30 < i < 50 else value / 3 for i, value in enumerate(wave(90))], "amber")
    return {
        "map": Map(
            "各群的活跃与增长", [well, dead], Axis("净增", percent, middle=0.0), chance, heads, corners=("甲", "乙", "丙", "丁")
        ),
        "flows": Flows("各群状态的变化", ["2026-04-30", "2026-05-31"], stops, streams),
        "spans": Spans("与同类群相差的百分点", spans, ("运营", "差别", "区间", "能下的结论")),
        "network": Network("谁接谁的话", dots, ties, standings(ties)),
        "strip": Strip("每天的消息", labels, (Series("成员", list(wave(90))), house)),
    }


def show(request: HttpRequest) -> HttpResponse:
    labels = [day.isoformat() for day in days(90)]
    talk = [None if 30 < i < 34 else value + (40 if i < 45 else 5) for i, value in enumerate(wave(90))]
    turn = Turn(labels[45], "4 月 2 日起", before=60, after=25)
    counts = [list(wave(90)), [100 - x for x in wave(90)], [150 - x for x in wave(90)]]
    stack = [
        Series(name, values, tone)
        for name, values, tone in zip(["活跃", "冒泡", "沉默"], counts, ["good", "calm", "quiet"], strict=True)
    ]
    context = {
        "moment": datetime(2026, 5, 31, 3, 0, tzinfo=UTC),
        "today": date(2026, 5, 31),
        "line": Line("每天的消息", labels, [Series("消息", talk), Series("说话的人", list(wave(90)))], [turn]),
        "stack": Stack("各状态的群", labels, stack),
        "calendar": Calendar("每天的消息", list(zip(days(365), wave(365), strict=True)), unit="消息"),
        "bars": Bars("谁在回答", NAMES, [Series("回答", [31, 22, 9, 2])]),
        "codes": CODES,
        "values": list(wave(12)),
        "gaps": [3, 5, None, 4, 2, 1],
        **larger(),
    }
    if "toast" in request.GET:
        messages.success(request, "已给 12 个群加上标签。")
        messages.error(request, "第 3 行的日期看不懂。")
    return HttpResponse(engines["django"].from_string(TEMPLATE).render(context, request))


class SmallStaffList(StaffList):
    """The staff list with pages of five."""

    page_size = 5


urlpatterns = [
    path("showcase/", show),
    path("small/", SmallStaffList.as_view()),
    path("", include("huoqun.config.urls")),
]
