from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from huoqun.ownership.rules.preparing import Prepared, group_of, member_of, mentioned, prepared
from huoqun.ownership.rules.pressing import Pressure, pressure
from huoqun.ownership.rules.proving import proves, says
from huoqun.ownership.rules.receiving import Absence, overlap, receiver
from huoqun.ownership.rules.times import can_be_undone, day_in, due_at, is_late, is_to_escalate
from huoqun.vocabulary import actions, events
from huoqun.vocabulary.ids import Account

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ACCOUNT = Account("balcony", "wechat", "main")
MO, TAO, LIN, REN = 1, 2, 3, 4
HERE = {MO, TAO, LIN}


def away(staff: int, stand_in: int | None = None, start: int = -1, end: int = 1) -> Absence:
    return Absence(staff, NOW + start * HOUR, NOW + end * HOUR, stand_in)


@pytest.mark.method("I10")
@pytest.mark.parametrize(
    ("meant_for", "absences", "gets_it"),
    [
        (None, [], None),
        (MO, [], MO),
        (REN, [], None),  # has no seat, or may only look
        (MO, [away(MO, TAO)], TAO),
        (MO, [away(MO)], None),
        (MO, [away(MO, REN)], None),
        (MO, [away(MO, TAO), away(TAO, LIN)], LIN),
        (MO, [away(MO, TAO), away(TAO, MO)], None),  # they stand in for one another, both away
        (MO, [away(MO, TAO, start=1, end=2)], MO),  # not yet
        (MO, [away(MO, TAO, start=-2, end=0)], MO),  # over at this very moment
        (MO, [away(MO, TAO, start=0, end=1)], TAO),  # begins at this very moment
        (MO, [away(TAO, LIN)], MO),
    ],
)
def test_it_goes_to_whom_it_is_meant_for_else_the_stand_in_else_the_leads(
    meant_for: int | None, absences: list[Absence], gets_it: int | None
) -> None:
    assert receiver(meant_for, absences, HERE, now=NOW) == gets_it


@pytest.mark.parametrize(("start", "end", "both"), [(0, 1, True), (1, 2, False), (-2, -1, False), (-1, 3, True)])
def test_absences_overlap_where_they_share_a_moment(start: int, end: int, both: bool) -> None:
    assert overlap((NOW, NOW + HOUR), (NOW + start * HOUR, NOW + end * HOUR)) is both


@pytest.mark.parametrize(
    ("not_before", "expires", "due"),
    [
        (-1, None, 2),  # late already: two hours from now
        (3, None, 5),
        (0, 1, 1),  # of no use after one hour
        (0, 9, 2),
        (0, -1, 0),  # over already: due now, never in the past
    ],
)
def test_a_person_has_two_hours_but_never_until_after_it_is_of_use(not_before: int, expires: int | None, due: int) -> None:
    expires_at = NOW + expires * HOUR if expires is not None else None
    assert due_at(NOW + not_before * HOUR, expires_at, now=NOW) == NOW + due * HOUR


def test_late_is_after_the_time_and_the_leads_hear_of_it_a_quarter_later() -> None:
    assert not is_late(NOW, NOW)
    assert is_late(NOW, NOW + timedelta(seconds=1))
    assert not is_to_escalate(NOW, NOW + timedelta(minutes=14, seconds=59))
    assert is_to_escalate(NOW, NOW + timedelta(minutes=15))


def test_a_tap_can_be_taken_back_for_a_minute() -> None:
    assert can_be_undone(NOW, now=NOW + timedelta(seconds=59))
    assert not can_be_undone(NOW, now=NOW + timedelta(seconds=60))
    assert not can_be_undone(None, now=NOW)


def test_a_day_is_cut_by_the_clock_on_the_wall() -> None:
    assert day_in("Asia/Shanghai", now=NOW) == (datetime(2026, 11, 19, 16, tzinfo=UTC), datetime(2026, 11, 20, 16, tzinfo=UTC))
    start, end = day_in("Europe/Berlin", now=datetime(2026, 10, 25, 12, tzinfo=UTC))
    assert end - start == timedelta(hours=25)  # the clocks go back


TEXT = "今晚八点，番茄群里一起认叶子，带上照片来。"
POST = actions.PostToGroup(account=ACCOUNT, group_id="g1", body=actions.Body(text=TEXT))


def said(text: str | None, *, group: str = "g1", at: datetime = NOW, account: Account = ACCOUNT) -> events.MessagePosted:
    author = events.Person(id="mo-wx")
    return events.MessagePosted(account=account, source_id="m", at=at, group_id=group, message_id="7", author=author, text=text)


@pytest.mark.method("G04")
@pytest.mark.parametrize(
    ("event", "by_house", "proven"),
    [
        (said(TEXT), True, True),
        (said(f"@所有人\n{TEXT}  谢谢"), True, True),
        (said("今晚八点，番茄群里一起认叶子"), True, False),  # only half of it
        (said(TEXT), False, False),  # a member repeats it
        (said(TEXT, group="g2"), True, False),
        (said(TEXT, account=Account("elsewhere", "wechat", "main")), True, False),
        (said(TEXT, account=Account("balcony", "wechat", "second")), True, True),  # seen through another account
        (said(TEXT, at=NOW - timedelta(days=1)), True, False),  # yesterday's
        (said(TEXT, at=NOW - timedelta(seconds=30)), True, True),  # the carrier's clock is behind
        (said(None), True, False),
    ],
)
def test_a_post_is_proven_by_the_house_saying_it_in_that_group(event: events.Event, by_house: bool, proven: bool) -> None:
    assert proves(event, POST, since=NOW, by_house=by_house) is proven


def happened(kind: type[events.Event], **fields: object) -> events.Event:
    return kind(account=ACCOUNT, source_id="e", at=NOW, **{"group_id": "g1", **fields})  # type: ignore[arg-type]


def asked(kind: type[actions.Action], **fields: object) -> actions.Action:
    return kind(account=ACCOUNT, **{"group_id": "g1", **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("action", "event", "proven"),
    [
        (asked(actions.RemoveMember, member_id="ren"), happened(events.MemberLeft, member=events.Person(id="ren")), True),
        (asked(actions.RemoveMember, member_id="ren"), happened(events.MemberLeft, member=events.Person(id="tao")), False),
        (asked(actions.RemoveMember, member_id="ren"), happened(events.MemberJoined, member=events.Person(id="ren")), False),
        (asked(actions.RenameGroup, name="番茄二群"), happened(events.GroupRenamed, group_name="番茄二群"), True),
        (asked(actions.RenameGroup, name="番茄二群"), happened(events.GroupRenamed, group_name="番茄三群"), False),
        (asked(actions.RecallMessage, message_id="7"), happened(events.MessageRecalled, message_id="7"), True),
        (asked(actions.RecallMessage, message_id="7"), happened(events.MessageRecalled, message_id=None), False),
        (asked(actions.HandOverGroup, to_staff_id="tao"), happened(events.OwnerChanged, owner=events.Person(id="tao")), True),
        (asked(actions.SetNotice, text="每周三晚认叶子"), happened(events.NoticePosted, text="群公告：每周三晚认叶子"), False),
        (asked(actions.SetNotice, text="周三晚八点认叶子"), happened(events.NoticePosted, text="公告：周三晚八点认叶子"), True),
        (asked(actions.DissolveGroup), happened(events.GroupDissolved), True),
        (asked(actions.DissolveGroup), happened(events.GroupDissolved, group_id="g2"), False),
        (asked(actions.DissolveGroup), happened(events.MemberLeft, member=events.Person(id="ren")), False),
    ],
)  # fmt: skip
def test_the_carriers_own_event_proves_it(action: actions.Action, event: events.Event, proven: bool) -> None:
    assert proves(event, action, since=NOW, by_house=False) is proven


@pytest.mark.parametrize(
    ("heard", "wanted", "same"),
    [("好的", "好的", True), ("好的呀", "好的", False), ("", "", False), (None, "好的", False), (f"x {TEXT} y", TEXT, True)],
)
def test_short_words_must_be_all_that_was_said(heard: str | None, wanted: str, same: bool) -> None:
    assert says(heard, wanted) is same


def test_everything_is_prepared_from_the_action() -> None:
    link = actions.Link(url="https://example.org")
    body = actions.Body(text="欢迎", pictures=("a.png",), link=link)
    welcome = actions.WelcomeMember(account=ACCOUNT, member_id="ren", code="c", body=body)
    assert prepared(welcome) == Prepared("欢迎", ("a.png",), link)
    assert (group_of(welcome), member_of(welcome)) == ("", "ren")
    assert prepared(asked(actions.RenameGroup, name="番茄二群")).text == "番茄二群"
    assert prepared(asked(actions.DissolveGroup)) == Prepared()
    remove = asked(actions.RemoveMember, member_id="ren")
    assert (group_of(remove), member_of(remove), mentioned(remove)) == ("g1", "ren", ())
    assert mentioned(actions.PostToGroup(account=ACCOUNT, group_id="g1", body=body, mentions=("ren",))) == ("ren",)


@pytest.mark.method("I12")
@pytest.mark.parametrize(
    ("late", "today", "how"),
    [
        (0, 0, Pressure.FINE),
        (0, 10, Pressure.FINE),
        (0, 11, Pressure.STRETCHED),
        (1, 1, Pressure.STRETCHED),
        (3, 3, Pressure.DROWNING),
        (0, 21, Pressure.DROWNING),
    ],
)
def test_who_is_drowning(late: int, today: int, how: Pressure) -> None:
    assert pressure(late=late, today=today) is how
