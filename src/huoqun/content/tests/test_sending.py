from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from huoqun.community.models import Community, Erased, Group
from huoqun.community.operations import groups as group_operations
from huoqun.console.models import Staff
from huoqun.content import operations
from huoqun.content.errors import (
    NobodyToReach,
    NotADraft,
    NotAnswerable,
    TextIsWrong,
    TimeIsPast,
    TooMany,
    ValuesMissing,
)
from huoqun.content.long_work import run_broadcast
from huoqun.content.models import Broadcast, Recipient
from huoqun.content.operations import sending
from huoqun.content.queries import audience as audiences
from huoqun.content.queries.audience import audience
from huoqun.content.queries.broadcasts import counts
from huoqun.content.rules.choosing import LeftOut
from huoqun.content.tests.conftest import NOW, group, member, sent, written
from huoqun.jobs import operations as jobs
from huoqun.jobs.models import Job
from huoqun.jobs.run import work_on
from huoqun.outbox import codec
from huoqun.outbox.models import Request, Spent
from huoqun.outbox.operations import set_caps
from huoqun.outbox.operations.spending import write_down
from huoqun.outbox.rules.paces import Caps, limits_of
from huoqun.ownership.models import Contact
from huoqun.vocabulary.actions import MessageMember, MessageStaff, PostToGroup
from huoqun.vocabulary.ids import Account

pytestmark = pytest.mark.django_db


def actions(broadcast: Broadcast) -> list[object]:
    rows = Request.objects.filter(run=broadcast.run).order_by("id")
    return [codec.action(row.action, row.payload) for row in rows]


def reasons(broadcast: Broadcast, by: Staff, at: datetime = NOW) -> dict[str, str]:
    return {target.name: target.left_out or "" for target in audience(broadcast, by=by, at=at).targets}


# Who


def test_the_preview_says_who_gets_what_and_who_is_left_out_and_why(
    balcony: Community, groups: dict[str, Group], lin: Staff, mo: Staff
) -> None:
    group(balcony, "枯萎群", operator=mo, state="dead")
    group(balcony, "快闪群", operator=mo, state="planned_end")
    gone = group(balcony, "解散群", operator=mo)
    Request.objects.create(
        community="balcony", carrier="pretend", account="bot", key="d", action="DissolveGroup", payload="{}",
        target=f"group/{gone.native_id}", room="x", about="", priority=5, not_before=NOW, state="sent", asked_at=NOW,
    )  # fmt: skip
    draft = written(balcony, lin)
    assert reasons(draft, mo) == {
        "番茄群": "", "香草群": "", "辣椒群": "", "月季群": "not_yours", "枯萎群": "dead", "快闪群": "ended",
        "解散群": "dissolved",
    }  # fmt: skip
    assert reasons(draft, lin)["月季群"] == ""
    found = {target.name: target for target in audience(draft, by=mo, at=NOW).reached}
    assert found["番茄群"].text == "番茄群的朋友们，周六下午换苗！"
    assert (found["番茄群"].account, found["番茄群"].by_hand) == (Account("balcony", "pretend", "bot"), False)
    assert (found["辣椒群"].account, found["辣椒群"].by_hand) == (Account("balcony", "qq", "hand"), True)
    operations.rewrite(draft, questions={"own": {"state": ["dead"]}})
    draft.refresh_from_db()
    assert reasons(draft, mo) == {"枯萎群": ""}


def test_groups_are_chosen_by_a_saved_view_and_narrowed_further(
    balcony: Community, groups: dict[str, Group], lin: Staff
) -> None:
    tagged = group_operations.tag(balcony, "本周", groups=[groups["番茄群"], groups["辣椒群"]])
    by_tag = {"view": {"tag": [str(tagged.pk)], "sort": ["-state"]}}
    assert set(reasons(written(balcony, lin, questions=by_tag), lin)) == {"番茄群", "辣椒群"}
    assert set(reasons(written(balcony, lin, questions=by_tag | {"own": {"carrier": ["qq"]}}), lin)) == {"辣椒群"}
    assert set(reasons(written(balcony, lin, questions={"own": {"q": ["香"]}}), lin)) == {"香草群"}
    assert reasons(written(balcony, lin, questions={"own": {"operator": ["; DROP TABLE"]}}), lin) == {}
    with pytest.raises(NotAnswerable) as caught:
        audience(written(balcony, lin, questions={"view": {"cause": ["ads"], "chance_from": ["20"]}}), by=lin, at=NOW)
    assert caught.value.names == ["cause", "chance_from"]


def test_members_get_one_message_each_through_the_best_group(
    balcony: Community, groups: dict[str, Group], lin: Staff, mo: Staff
) -> None:
    member(groups["番茄群"], "小陶")
    tao = member(groups["月季群"], "小陶")
    member(groups["番茄群"], "小助手", house="bot")
    member(groups["月季群"], "阿仁")
    gone = member(groups["番茄群"], "老周")
    Erased.objects.create(community=balcony, key=gone.key, at=NOW)
    left = member(groups["番茄群"], "阿走").memberships.get()
    left.left_at = NOW
    left.save()
    draft = written(balcony, lin, to="members", text="{{昵称}}，{{群名}}周六换苗")
    assert reasons(draft, mo) == {"小陶": "", "小助手": "house", "阿仁": "not_yours", "老周": "erased"}
    (only,) = audience(draft, by=mo, at=NOW).reached
    assert (only.text, only.key) == ("小陶，番茄群周六换苗", tao.key)
    assert reasons(written(balcony, lin, to="members", questions={"view": {"q": ["仁"]}}), lin) == {"阿仁": ""}
    sent(draft, mo)
    (action,) = actions(draft)
    assert isinstance(action, MessageMember)
    assert (action.member_id, action.group_id, action.body.text) == ("p-小陶", "g-番茄群", "小陶，番茄群周六换苗")


def test_more_private_messages_than_one_may_send_are_refused(
    balcony: Community, groups: dict[str, Group], lin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("甲", "乙", "丙"):
        member(groups["番茄群"], name)
    draft = written(balcony, lin, to="members", text="你好")
    monkeypatch.setattr(audiences, "MOST", 3)
    assert len(operations.check(draft, by=lin, now=NOW).reached) == 3
    monkeypatch.setattr(audiences, "MOST", 2)
    with pytest.raises(TooMany):
        operations.check(draft, by=lin, now=NOW)


@pytest.mark.method("L14")
def test_who_has_had_enough_messages_is_left_out(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    caps = Caps(group_day=1)
    set_caps("balcony", caps, by=None, now=NOW)
    post = PostToGroup(
        account=Account("balcony", "pretend", "bot"), group_id="g-番茄群", body=written(balcony, lin).body("x", ())
    )
    limits = limits_of(post, (), caps)
    write_down({(limit, limit.step_of(NOW)): 1 for limit in limits})  # type: ignore[arg-type]
    assert Spent.objects.exists()
    draft = written(balcony, lin)
    assert reasons(draft, lin)["番茄群"] == LeftOut.CAP
    assert reasons(draft, lin)["香草群"] == ""
    assert reasons(draft, lin, at=NOW + timedelta(days=2))["番茄群"] == ""


# What is wrong is said before anything is sent


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": "{{群明}}"}, TextIsWrong),
        ({"text": "{{昵称}}"}, TextIsWrong),
        ({"text": "{{运营}}说"}, ValuesMissing),
        ({"questions": {"own": {"q": ["没有这个群"]}}}, NobodyToReach),
        ({"send_at": NOW}, TimeIsPast),
        ({"questions": {"view": {"cause": ["ads"]}}}, NotAnswerable),
    ],
)
def test_nothing_is_sent_while_something_is_wrong(
    balcony: Community, groups: dict[str, Group], lin: Staff, fields: dict[str, object], error: type[Exception]
) -> None:
    draft = written(balcony, lin, **fields)
    with pytest.raises(error):
        operations.send(draft, by=lin, now=NOW)
    draft.refresh_from_db()
    assert draft.is_draft
    assert not Request.objects.exists()
    assert not Job.objects.exists()


def test_a_value_taken_away_after_the_check_leaves_one_out_and_not_the_rest(
    balcony: Community, groups: dict[str, Group], mo: Staff
) -> None:
    draft = written(balcony, mo, text="{{群名}}，{{运营}}在")
    operations.send(draft, by=mo, now=NOW)
    Group.objects.filter(pk=groups["香草群"].pk).update(name="")
    sending.plan(draft.pk, now=NOW)
    rows = dict(Recipient.objects.filter(broadcast=draft).values_list("group__native_id", "left_out"))
    assert rows["g-香草群"] == "unfilled"
    assert Request.objects.count() == 2


# Sending


@pytest.mark.method("G04", "I11")
def test_it_is_asked_for_once_however_often_it_is_sent_and_planned(
    balcony: Community, groups: dict[str, Group], lin: Staff
) -> None:
    draft = written(balcony, lin)
    operations.send(draft, by=lin, now=NOW)
    assert Job.objects.get().arguments == {"broadcast": draft.pk}
    with pytest.raises(NotADraft):
        operations.send(draft, by=lin, now=NOW)
    assert sending.plan(draft.pk, now=NOW) == 4
    before = list(Request.objects.order_by("id").values())
    assert sending.plan(draft.pk, now=NOW + timedelta(minutes=5)) == 0
    assert list(Request.objects.order_by("id").values()) == before
    row = Request.objects.get(target="group/g-番茄群")
    assert (row.key, row.run, row.room, row.asked_by) == (
        f"broadcast/{draft.pk}/group/{groups['番茄群'].key}", f"broadcast/{draft.pk}", "content", lin,
    )  # fmt: skip
    assert row.expires_at == NOW + timedelta(hours=24)
    assert {action.body.text for action in actions(draft) if isinstance(action, PostToGroup)} == {
        f"{name}的朋友们，周六下午换苗！" for name in groups
    }


def test_a_crash_between_two_batches_loses_nobody_and_doubles_nobody(
    balcony: Community, groups: dict[str, Group], lin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "BATCH", 1)
    draft = written(balcony, lin)
    operations.send(draft, by=lin, now=NOW)

    class Killed(Exception):
        pass

    def dies(done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        sending.plan(draft.pk, now=NOW, progress=dies)
    assert (Request.objects.count(), Recipient.objects.count()) == (2, 2)
    draft.refresh_from_db()
    assert draft.planned_at is None
    assert sending.plan(draft.pk, now=NOW + timedelta(minutes=1)) == 2
    assert (Request.objects.count(), Recipient.objects.count()) == (4, 4)
    draft.refresh_from_db()
    assert draft.planned_at is not None


def test_what_can_no_longer_go_out_is_a_draft_again(
    balcony: Community, groups: dict[str, Group], lin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("甲", "乙"):
        member(groups["番茄群"], name)
    draft = written(balcony, lin, to="members", text="你好")
    operations.send(draft, by=lin, now=NOW)
    job = jobs.claim([sending.JOB], now=NOW)
    assert job is not None
    monkeypatch.setattr(audiences, "MOST", 1)
    work_on(job, run_broadcast, clock=lambda: NOW)
    job.refresh_from_db()
    draft.refresh_from_db()
    assert (job.state, "no longer" in job.error) == ("failed", True)
    assert draft.is_draft
    monkeypatch.setattr(audiences, "MOST", 2)
    operations.send(draft, by=lin, now=NOW)
    again = jobs.claim([sending.JOB], now=NOW)
    assert again is not None
    work_on(again, run_broadcast, clock=lambda: NOW)
    assert Request.objects.count() == 2


def test_if_the_outbox_does_not_take_a_batch_its_recipients_are_not_kept_either(
    balcony: Community, groups: dict[str, Group], lin: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = written(balcony, lin)
    operations.send(draft, by=lin, now=NOW)

    def broken(wishes: Sequence[object], *, now: datetime) -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "ask_many", broken)
        with pytest.raises(OSError):
            sending.plan(draft.pk, now=NOW)
    assert not Recipient.objects.exists()
    assert sending.plan(draft.pk, now=NOW) == 4


def test_later_and_spread_over_minutes_in_the_night_the_clocks_change(
    groups: dict[str, Group], balcony: Community, lin: Staff
) -> None:
    Community.objects.filter(pk=balcony.pk).update(zone="Europe/Berlin")
    balcony.refresh_from_db()
    # 00:30 UTC is 01:30 in Berlin; half an hour later the wall clock jumps from 02:00 to 03:00.
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    draft = written(balcony, lin, text="{{day}}", send_at=start, spread_minutes=60, quiet_from=time(2, 30), quiet_to=time(4, 0))
    sent(draft, lin)
    rows = list(Request.objects.order_by("not_before"))
    assert [row.not_before for row in rows] == [start + timedelta(minutes=each) for each in (7.5, 22.5, 37.5, 52.5)]
    # What falls into the quiet hours (from the jump to 03:00 until 04:00) goes out when they end: at 02:00 UTC.
    end = datetime(2026, 3, 29, 2, 0, tzinfo=UTC)
    assert [row.next_try_at for row in rows] == [rows[0].not_before, rows[1].not_before, end, end]
    assert rows[3].expires_at == end + timedelta(hours=24)


def test_the_day_in_a_text_is_the_day_on_which_it_is_read(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    # 23:50 in Shanghai, and quiet until eight.
    start = datetime(2026, 3, 2, 15, 50, tzinfo=UTC)
    draft = written(balcony, lin, text="{{日期}}", send_at=start, quiet_from=time(22), quiet_to=time(8))
    sent(draft, lin)
    assert set(Recipient.objects.values_list("text", flat=True)) == {"3月3日"}


def test_hostile_text_goes_out_as_it_was_written(balcony: Community, lin: Staff) -> None:
    group(balcony, "{{运营}}<script>alert(1)</script>'; DROP", native="g\"1'")
    draft = written(balcony, lin, text="{{群名}} </textarea><img src=x onerror=alert(1)> %s %(x)s {0}")
    sent(draft, lin)
    (action,) = actions(draft)
    assert isinstance(action, PostToGroup)
    assert action.body.text == "{{运营}}<script>alert(1)</script>'; DROP </textarea><img src=x onerror=alert(1)> %s %(x)s {0}"


def test_a_test_goes_to_oneself_alone(balcony: Community, groups: dict[str, Group], lin: Staff) -> None:
    draft = written(balcony, lin)
    assert operations.try_on_oneself(draft, by=lin, now=NOW) == ""
    assert not Request.objects.exists()
    Contact.objects.create(community=balcony, staff=lin, carrier="pretend", account="bot", native_id="lin-1")
    for _ in range(2):
        assert operations.try_on_oneself(draft, by=lin, now=NOW) in groups
    (request,) = Request.objects.all()
    action = codec.action(request.action, request.payload)
    assert isinstance(action, MessageStaff)
    assert action.staff_id == "lin-1"
    assert "的朋友们" in action.body.text
    assert (draft.is_draft, counts([draft.pk])[draft.pk].total) == (True, 0)
