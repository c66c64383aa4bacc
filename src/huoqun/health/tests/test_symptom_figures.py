"""Symptoms: life after packets, weekly occasions, check-ins, advertising, leavers, fakes, faces, key people."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from huoqun.health.rules import AD_PATTERN, CHECKIN_PATTERN, PATTERNS

from .tell import BEI, BOT, LIN, MO, TAO, TEA, Story, group

AD = "限时秒杀，点击链接领取优惠券"


def tea(story: Story, as_of: str | None = None) -> dict[str, object]:
    return group(story.audit(as_of), TEA)


def after(first: str, days: int, at: str = "10:00") -> str:
    return f"{datetime.strptime(f'2026-{first}', '%Y-%m-%d') + timedelta(days=days):%m-%d} {at}"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_read_alike_in_both_engines(pattern: str) -> None:
    assert not re.search(r"\(\?|\[\[:|\\[a-zA-Z]|[*+?]\+", pattern)
    assert "'" not in pattern


@pytest.mark.method("A13", "A15")
@pytest.mark.parametrize(
    "text",
    [
        AD,
        "兼职日结，有意加V详聊",
        "加我微信了解一下：abc123",
        "微信号：tea_888",
        "扫码进群领福利",
        "到手价29.9元，复制口令打开",
        "全场8折起，满100减20",
        "¥39.9包邮 https://mall.example/a",
        "免费领取体验课",
        "Limited time: 30% off, order now",
        "Claim your prize at once",
        "DM me for details",
    ],
)
def test_these_advertise(text: str) -> None:
    assert re.search(AD_PATTERN, text)


@pytest.mark.parametrize(
    "text",
    [
        "早上好",
        "今天的课讲得真好",
        "https://docs.example/guide",
        "大家加油",
        "加一个人吧，三缺一",
        "昨天那杯茶二十块有点贵",
        "我把文件发到邮箱了",
        "See you at the meeting tomorrow",
        "I think the function returns a list",
        "微信读书挺好用的",
    ],
)
def test_these_do_not_advertise(text: str) -> None:
    assert not re.search(AD_PATTERN, text)


@pytest.mark.method("A11")
def test_check_ins_and_talk_about_them() -> None:
    story = Story(house={LIN: "staff"})
    for text in ("打卡", "第12天打卡✅", "签到", "早起打卡第3天", "已完成", "Day 7: done", "坚持跑步第 20 天"):
        assert re.search(CHECKIN_PATTERN, text), text
        story.say(TEA, MO, "03-01 08:00", text)
    about = "不打卡的同学每周五统一登记，" + "请各位组长提前一天把名单发给班主任，" * 3
    for text in ("在哪里打卡？", "今天打卡了吗", about, "早"):
        story.say(TEA, TAO, "03-01 09:00", text)
    story.say(TEA, LIN, "03-01 07:00", "早起打卡")
    figures = tea(story)
    assert (figures["checkins_90d"], figures["checkin_people"], figures["checkin_top3_share"]) == (7, 1, 1)


@pytest.mark.method("A11")
def test_the_same_three_check_in() -> None:
    story = Story()
    for who, times in ((MO, 4), (TAO, 3), (BEI, 2), (20, 1)):
        story.daily(TEA, who, "03-01", times, text="打卡")
    figures = tea(story)
    assert (figures["checkins_90d"], figures["checkin_people"]) == (10, 4)
    assert figures["checkin_top3_share"] == pytest.approx(0.9)


def test_without_texts_nothing_is_known_of_ads_and_check_ins() -> None:
    story = Story(house={LIN: "staff"})
    story.say(TEA, MO, "03-01 10:00", None)
    figures = tea(story)
    assert [figures[name] for name in ("ads_90d", "ads_share", "ad_days", "checkins_90d", "fakes_share")] == [None] * 5


def test_no_check_in_is_nought_and_has_no_top_three() -> None:
    story = Story()
    story.say(TEA, MO, "03-01 10:00")
    figures = tea(story)
    assert (figures["checkins_90d"], figures["checkin_top3_share"], figures["ads_90d"]) == (0, None, 0)


def test_ads_of_groups_long_silent_are_not_known() -> None:
    story = Story()
    story.say(TEA, MO, "01-05 10:00", AD)
    assert tea(story, "06-01")["ads_90d"] is None


@pytest.mark.method("A13", "A15")
def test_who_advertises_and_on_how_many_days() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 4)
    story.say(TEA, LIN, "03-01 11:00", AD)
    story.say(TEA, LIN, "03-02 11:00", AD)
    story.say(TEA, LIN, "03-02 12:00", AD)
    story.say(TEA, TAO, "03-02 13:00", AD)
    figures = tea(story)
    assert (figures["ads_90d"], figures["ads_by_house"], figures["ads_by_members"]) == (4, 3, 1)
    assert figures["ads_share"] == pytest.approx(4 / 8)
    assert figures["ad_days"] == pytest.approx(2 / 4)


@pytest.mark.method("A13")
def test_leaving_after_a_broadcast() -> None:
    """Ten days; one call to everybody, after which three leave within a day, and three more in the nine other days."""
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 9)
    story.say(TEA, LIN, "03-05 12:00", "@所有人 今晚八点见")
    for place, when in enumerate(["03-05 13:00", "03-05 20:00", "03-06 11:00", "03-06 13:00", "03-02 10:00", "03-08 10:00"]):
        story.leave(TEA, 50 + place, when)
    # Three in one day against three in the other nine.
    assert tea(story, "03-20")["leavers_after_broadcast"] == pytest.approx(9)


def test_leaving_is_not_known_where_no_leave_is_reported() -> None:
    story = Story(house={LIN: "staff"})
    story.say(TEA, LIN, "03-05 12:00", AD)
    story.say(TEA, MO, "03-06 12:00")
    assert tea(story)["leavers_after_broadcast"] is None


@pytest.mark.method("A09")
def test_life_after_a_packet_against_the_same_hours_of_other_days() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 15, at="20:10")
    story.daily(TEA, TAO, "03-01", 15, at="20:40")
    packet = story.packet(TEA, LIN, "03-08 20:00")
    story.claim(TEA, BEI, packet, 9)
    for minute in (11, 12, 13, 14):
        story.say(TEA, BEI, f"03-08 20:{minute}", "谢谢老板")
    figures = tea(story)
    assert figures["packets_90d"] == 1
    assert figures["packet_life"] == pytest.approx(6 / 2)


@pytest.mark.method("A09")
def test_a_packet_after_which_nobody_speaks() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 7, at="20:10")
    story.packet(TEA, LIN, "03-08 20:00")
    story.daily(TEA, MO, "03-09", 7, at="20:10")
    assert tea(story)["packet_life"] == 0


def test_where_nobody_reports_packets_nothing_is_known_of_them() -> None:
    story = Story()
    story.say(TEA, MO, "03-01 10:00")
    assert (tea(story)["packets_90d"], tea(story)["packet_life"]) == (None, None)


@pytest.mark.method("A10", "A26")
def test_a_weekly_occasion_that_loses_its_people() -> None:
    """Six Sundays at eight, an hour's play; first five people, in the end two. Other posts stand at no fixed hour."""
    story = Story(house={LIN: "staff"})
    for week, people in enumerate((5, 5, 4, 4, 2, 2)):
        story.say(TEA, LIN, after("02-01", 7 * week, ("20:00", "20:40", "19:30")[week % 3]), "领读会开始了")
        for who in range(people):
            story.say(TEA, 20 + who, after("02-01", 7 * week, "21:10"))
    story.say(TEA, LIN, "02-10 09:00")
    story.say(TEA, LIN, "02-20 15:00")
    figures = tea(story)
    assert (figures["event_series"], figures["event_occurrences"]) == (1, 6)
    assert figures["event_trend"] == pytest.approx(4 / 10)


def test_a_greeting_every_day_is_no_weekly_occasion() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, LIN, "02-01", 40, at="08:00")
    story.daily(TEA, MO, "02-01", 40, at="08:10")
    figures = tea(story)
    assert (figures["event_series"], figures["event_occurrences"], figures["event_trend"]) == (0, 0, None)


def test_without_operators_occasions_are_not_known() -> None:
    story = Story(house={BOT: "bot"})
    story.say(TEA, MO, "03-01 10:00")
    assert tea(story)["event_series"] is None


@pytest.fixture
def bought() -> Story:
    """Ten brought in within minutes by Bei, who spoke once; Mo and Tao talk."""
    story = Story(house={LIN: "staff"})
    for who in range(30, 40):
        story.join(TEA, who, f"03-01 10:{who - 20}", inviter=BEI)
    story.say(TEA, BEI, "03-01 09:00")
    story.daily(TEA, MO, "03-01", 12)
    story.daily(TEA, TAO, "03-01", 12)
    return story


@pytest.mark.method("A15")
def test_a_burst_of_silent_accounts_and_who_brought_them(bought: Story) -> None:
    figures = tea(bought)
    assert figures["fakes_people"] == 11
    assert figures["fakes_share"] == pytest.approx(11 / 13)


def test_a_burst_in_which_one_speaks_is_a_circle_of_friends(bought: Story) -> None:
    bought.say(TEA, 30, "03-05 10:00")
    assert tea(bought)["fakes_people"] == 0


def test_customers_whom_staff_brought_in_are_no_fakes(bought: Story) -> None:
    bought.house = {BEI: "staff"}
    assert tea(bought)["fakes_people"] == 0


@pytest.mark.method("A15")
def test_hands_too_quick_and_people_who_only_advertise() -> None:
    story = Story(house={LIN: "staff"})
    story.daily(TEA, MO, "03-01", 5)
    for day in range(1, 4):
        packet = story.packet(TEA, LIN, f"03-0{day} 20:00")
        story.claim(TEA, 40, packet, 0.9)
        story.claim(TEA, 41, packet, 0.9 if day < 3 else 8)
        story.claim(TEA, MO, packet, 1.0)
    for who in (40, 41):
        story.join(TEA, who, "03-01 08:00")
    story.say(TEA, TAO, "03-02 10:00", AD)
    story.say(TEA, TAO, "03-03 10:00", AD)
    story.say(TEA, BEI, "03-03 10:01", AD)
    figures = tea(story)
    # The quick and silent one, and Tao; Mo is quick but talks, Bei advertised once.
    assert figures["fakes_people"] == 2
    assert figures["fakes_share"] == pytest.approx(2 / 5)


@pytest.mark.method("A11", "A24")
def test_new_faces_and_old_ones() -> None:
    story = Story()
    story.daily(TEA, MO, "01-05", 90)
    story.daily(TEA, TAO, "01-05", 20, at="11:00")
    story.daily(TEA, BEI, "01-05", 60, at="12:00")
    story.say(TEA, 20, after("01-05", 80))
    figures = tea(story)
    assert figures["new_faces_share"] == pytest.approx(1 / 4)
    # Before: Mo 45, Bei 45, Tao 20. Now: Mo 45, Bei 15, one new; Tao is gone.
    assert figures["core_kept"] == pytest.approx(2 / 3)
    assert (figures["top5_share_before"], figures["top5_share_now"]) == (1, 1)


def test_the_busiest_five_of_many() -> None:
    story = Story()
    for who in range(10):
        story.daily(TEA, 20 + who, "01-05", 45)
    story.daily(TEA, MO, "04-10", 4)
    figures = tea(story)
    assert (figures["top5_share_before"], figures["top5_share_now"]) == (pytest.approx(0.5), 1)
    assert figures["core_kept"] == 0


def test_a_young_group_has_no_before() -> None:
    story = Story()
    story.daily(TEA, MO, "03-01", 10)
    figures = tea(story)
    assert (figures["core_kept"], figures["top5_share_before"], figures["key_left"]) == (None, None, None)


@pytest.mark.method("A08")
def test_the_one_who_carried_the_group_fell_silent() -> None:
    story = Story()
    story.daily(TEA, MO, "01-05", 50)
    story.daily(TEA, MO, "01-05", 50, at="11:00")
    story.daily(TEA, TAO, "01-05", 100, at="12:00")
    story.say(TEA, BEI, "01-20 10:00")
    figures = tea(story)
    # Looked at 60 days before the end nobody is gone, 30 days before it Mo is: 100 of 171 messages of 70 days.
    assert figures["key_left"] == 1
    assert figures["key_left_share"] == pytest.approx(100 / 171)


@pytest.mark.method("A08")
def test_one_who_left_counts_at_once_and_one_who_came_back_does_not() -> None:
    story = Story()
    story.daily(TEA, MO, "03-01", 29)
    story.daily(TEA, TAO, "03-01", 31, at="11:00")
    story.leave(TEA, MO, "03-29 20:00")
    assert tea(story)["key_left"] == 1
    story.join(TEA, MO, "03-30 20:00")
    assert tea(story)["key_left"] == 0
