"""What is particular about acting through WeCom: tasks that are joined, confirmed, and taken back; pictures; tags; secrets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from huoqun.carriers.base import Asked, CutOff, Unreachable
from huoqun.carriers.wecom.acts import mass_messages, pictures, staff, welcomes
from huoqun.carriers.wecom.client.calls import mass_send
from huoqun.carriers.wecom.models import Corp, Deed, Media
from huoqun.carriers.wecom.operations import deeds
from huoqun.vocabulary import actions as act
from huoqun.vocabulary.outcomes import NeedsHand, Outcome, Refused, Sent, TryLater, Unknown, Waiting
from tests.carriers.rigs import FastClock, Trouble
from tests.carriers.wecom_rig import PICTURE, PIXEL, WeComRig
from wecom_sandbox.faults import fault_from
from wecom_sandbox.groups import Group
from wecom_sandbox.inboxes import Inboxes
from wecom_sandbox.mass_sends import MassSends
from wecom_sandbox.media_shelf import MediaShelf

WORDS = act.Body(text="周五晚八点共读第三章")


@pytest.fixture
def wecom() -> WeComRig:
    return WeComRig(FastClock())


def posts(rig: WeComRig, groups: list[Group], body: act.Body = WORDS, name: str = "post") -> list[Asked]:
    return [
        Asked(key=f"{name}/{group.chat_id}", action=act.PostToGroup(account=rig.account, group_id=group.chat_id, body=body))
        for group in groups
    ]


def of_owner(rig: WeComRig, owner: str, count: int) -> list[Group]:
    return rig.company.groups.owned_by(owner)[:count]


def named(asked: list[Asked], outcomes: list[Outcome]) -> dict[str, list[Asked]]:
    """By the task they wait for."""
    tasks: dict[str, list[Asked]] = {}
    for each, outcome in zip(asked, outcomes, strict=True):
        assert isinstance(outcome, Waiting)
        tasks.setdefault(outcome.message_id, []).append(replace(each, message_id=outcome.message_id))
    return tasks


def calls(rig: WeComRig, path: str) -> int:
    return rig.company.log.counts[f"/cgi-bin/{path}"]


# Tasks


@pytest.mark.method("E11")
def test_the_same_words_to_groups_of_one_owner_are_one_task(wecom: WeComRig) -> None:
    owners = sorted({group.owner for group in wecom.company.groups.ever()})[:4]
    groups = [group for owner in owners for group in of_owner(wecom, owner, 10)]
    asked = posts(wecom, groups)
    tasks = named(asked, wecom.carrier.send_many(asked))
    assert calls(wecom, "externalcontact/add_msg_template") == 4
    assert sorted(len(part) for part in tasks.values()) == [10] * 4
    for msgid, part in tasks.items():
        (owner,) = wecom.company.part(MassSends).get(msgid).parts
        assert {wecom.company.groups.get(each.action.group_id).owner for each in part} == {owner}


def test_other_words_are_another_task_and_so_is_the_same_group_again(wecom: WeComRig) -> None:
    groups = of_owner(wecom, "lin", 3)
    asked = posts(wecom, groups) + posts(wecom, groups, name="again") + posts(wecom, groups, act.Body(text="别的"), "else")
    tasks = named(asked, wecom.carrier.send_many(asked))
    assert [len(part) for part in tasks.values()] == [3, 3, 3]


def test_a_task_holds_as_many_groups_as_wecom_takes() -> None:
    account = WeComRig(FastClock()).account
    owned = [
        ("lin", Asked(key=f"k{number}", action=act.PostToGroup(account=account, group_id=f"wr{number}", body=WORDS)))
        for number in range(mass_send.GROUPS_AT_MOST + 1)
    ]
    assert [len(task.asked) for task in mass_messages._tasks(owned, mass_send.GROUPS_AT_MOST)] == [2000, 1]


def test_one_that_wecom_does_not_take_does_not_stop_the_others(wecom: WeComRig) -> None:
    asked = posts(wecom, of_owner(wecom, "lin", 5))
    wecom.trouble(Trouble.FORBIDDEN, times=3)  # all five, the first two, the first: that one it is
    outcomes = wecom.carrier.send_many(asked)
    assert isinstance(outcomes[0], Refused)
    assert all(isinstance(each, Waiting) for each in outcomes[1:])
    assert [wecom.times_done(each.key) for each in asked] == [0, 1, 1, 1, 1]


def test_who_is_addressed_or_answered_needs_a_hand(wecom: WeComRig) -> None:
    (plain,) = posts(wecom, of_owner(wecom, "lin", 1))
    for change in ({"mentions": ("wm1",)}, {"reply_to": "m1"}):
        outcome = wecom.carrier.send(Asked(key="k", action=replace(plain.action, **change)))
        assert isinstance(outcome, NeedsHand)
    assert calls(wecom, "externalcontact/add_msg_template") == 0


def test_customers_of_one_colleague_are_one_task_and_who_cannot_receive_is_refused(wecom: WeComRig) -> None:
    people = [follow.external_userid for _, follow in wecom.company.customers.of_staff("lin")][:5]
    asked = [
        Asked(key=person, action=act.MessageMember(account=wecom.account, member_id=person, body=WORDS, staff_id="lin"))
        for person in [*people, "wmNobody"]
    ]
    *fine, nobody = wecom.carrier.send_many(asked)
    assert len(named(asked[:-1], fine)) == 1
    assert isinstance(nobody, Refused)
    assert calls(wecom, "externalcontact/add_msg_template") == 1


# Following


@pytest.mark.method("E11")
def test_each_is_followed_until_its_owner_has_sent(wecom: WeComRig) -> None:
    lins, mos = posts(wecom, of_owner(wecom, "lin", 3)), posts(wecom, of_owner(wecom, "mo", 3))
    tasks = list(named(lins + mos, wecom.carrier.send_many(lins + mos)).items())
    wecom.company.part(MassSends).confirm(tasks[0][0], "lin")
    assert [type(each) for each in wecom.carrier.follow(tasks[0][1])] == [Sent] * 3
    assert [type(each) for each in wecom.carrier.follow(tasks[1][1])] == [Waiting] * 3
    assert [type(each) for each in wecom.carrier.withdraw(tasks[1][1])] == [Refused] * 3
    assert [type(each) for each in wecom.carrier.withdraw(tasks[0][1])] == [Sent] * 3


def test_a_second_message_on_one_day_is_not_delivered_and_that_is_told(wecom: WeComRig) -> None:
    """The pace of the manifest is WeCom's own: it takes the task, and delivers nothing."""
    groups = of_owner(wecom, "lin", 1)
    for name in ("first", "second"):
        asked = posts(wecom, groups, act.Body(text=name), name)
        ((msgid, part),) = named(asked, wecom.carrier.send_many(asked)).items()
        wecom.company.part(MassSends).confirm(msgid, "lin")
        (standing,) = wecom.carrier.follow(part)
        assert isinstance(standing, Sent if name == "first" else Refused)
    assert standing == Refused(reason=mass_messages.HAD_ANOTHER, for_good=False)


def test_the_thirty_first_message_in_a_minute_to_a_colleague_is_dropped_without_a_word(wecom: WeComRig) -> None:
    (pace,) = wecom.carrier.manifest.abilities["MessageStaff"].paces
    wecom.company.quotas.enabled = True
    for number in range(pace.at_most + 1):
        action = act.MessageStaff(account=wecom.account, staff_id="mo", body=act.Body(text=f"第 {number} 件"))
        assert isinstance(wecom.carrier.send(Asked(key=f"k{number}", action=action)), Sent)
    letters = wecom.company.part(Inboxes).letters
    assert [bool(letter.dropped) for letter in letters] == [False] * pace.at_most + [True]


def test_what_the_owner_sent_to_others_only_is_told_after_a_while(wecom: WeComRig) -> None:
    asked = posts(wecom, of_owner(wecom, "lin", 2))
    ((msgid, part),) = named(asked, wecom.carrier.send_many(asked)).items()
    sends = wecom.company.part(MassSends)
    sends.get(msgid).parts["lin"].to.pop(part[0].action.group_id)
    sends.confirm(msgid, "lin")
    assert [type(each) for each in wecom.carrier.follow(part)] == [Waiting, Sent]
    wecom.clock.leap(mass_messages.SETTLED + timedelta(minutes=1))
    assert wecom.carrier.follow(part)[0] == Refused(reason=mass_messages.LEFT_OUT, for_good=False)


# A call that was cut off


def test_of_two_that_say_the_same_and_were_both_cut_off_nobody_can_tell(wecom: WeComRig) -> None:
    first, second = posts(wecom, of_owner(wecom, "lin", 2))
    for each, cut in ((first, Trouble.CUT_AFTER), (second, Trouble.CUT_BEFORE)):
        wecom.trouble(cut)
        with pytest.raises(Exception, match="broke"):
            wecom.carrier.send(each)
    assert wecom.carrier.look_up(first) is None
    assert wecom.carrier.look_up(second) is None


def test_what_another_key_made_is_not_taken_for_ours(wecom: WeComRig) -> None:
    first, second = posts(wecom, of_owner(wecom, "lin", 2))
    assert isinstance(wecom.carrier.send(first), Waiting)
    wecom.trouble(Trouble.CUT_BEFORE)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send(second)
    assert isinstance(wecom.carrier.look_up(second), TryLater)


def test_what_was_never_begun_is_surely_not_done(wecom: WeComRig) -> None:
    (asked,) = posts(wecom, of_owner(wecom, "lin", 1))
    wecom.note([asked])
    assert isinstance(wecom.carrier.look_up(asked), TryLater)
    assert wecom.line.deeds == []


def test_all_of_a_joined_task_are_found_again_together(wecom: WeComRig) -> None:
    asked = posts(wecom, of_owner(wecom, "lin", 3))
    wecom.trouble(Trouble.CUT_AFTER)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send_many(asked)
    found = [wecom.carrier.look_up(each) for each in asked]
    assert len(named(asked, found)) == 1
    assert Deed.objects.filter(done_at=None).count() == 0


def test_what_was_done_long_ago_is_forgotten_and_what_nobody_knows_is_not(wecom: WeComRig) -> None:
    done, unknown, later = posts(wecom, of_owner(wecom, "lin", 3))
    assert isinstance(wecom.carrier.send(done), Waiting)
    wecom.trouble(Trouble.CUT_BEFORE)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send(unknown)
    wecom.clock.leap(deeds.KEPT + timedelta(days=1))
    wecom.carrier.send(later)
    assert set(Deed.objects.values_list("key", flat=True)) == {unknown.key, later.key}


def test_a_welcome_whose_second_try_is_turned_down_is_not_called_refused(wecom: WeComRig) -> None:
    asked = Asked(key="k", action=wecom.sample("WelcomeMember"))
    wecom.trouble(Trouble.CUT_AFTER)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send(asked)
    assert isinstance(wecom.carrier.send(asked), Unknown)
    assert wecom.times_done("k") == 1


def test_an_older_hand_over_of_the_same_customer_is_not_taken_for_this_one(wecom: WeComRig) -> None:
    first = Asked(key="first", action=wecom.sample("HandOverCustomer"))
    assert isinstance(wecom.carrier.send(first), Waiting)
    wecom.confirm("first")
    person, to, back = first.action.member_id, first.action.to_staff_id, first.action.from_staff_id
    returned = Asked(key="back", action=replace(first.action, from_staff_id=to, to_staff_id=back))
    assert isinstance(wecom.carrier.send(returned), Waiting)
    wecom.confirm("back")
    assert [follow.userid for follow in wecom.company.customers.follows_of(person)].count(back) == 1
    again = replace(first, key="again")
    wecom.trouble(Trouble.CUT_BEFORE)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send(again)
    assert isinstance(wecom.carrier.look_up(again), TryLater)
    assert isinstance(wecom.carrier.send(again), Waiting)


def test_a_worker_that_was_held_up_does_not_undo_what_another_knows(wecom: WeComRig) -> None:
    """Both have the same request; the one that wakes late is turned down and must not make it look as if nothing was tried."""
    asked = Asked(key="k", action=wecom.sample("WelcomeMember"))
    wecom.trouble(Trouble.CUT_AFTER)
    with pytest.raises(Exception, match="broke"):
        wecom.carrier.send(asked)
    late = deeds.begin(wecom.corp, "WelcomeMember", ["k"], now=wecom.clock.now())
    deeds.undone(wecom.corp, late)
    assert isinstance(wecom.carrier.send(asked), Unknown)
    (post,) = posts(wecom, of_owner(wecom, "lin", 1))
    assert isinstance(wecom.carrier.send(post), Waiting)
    late = deeds.begin(wecom.corp, "PostToGroup", [post.key], now=wecom.clock.now())
    deeds.undone(wecom.corp, late)
    assert isinstance(wecom.carrier.look_up(post), Waiting)


def test_of_two_workers_that_begin_the_same_welcome_neither_takes_the_others_success_for_a_refusal(
    wecom: WeComRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was held up just before it wrote its deed down, for so long that another has welcomed them meanwhile."""
    asked, begin = Asked(key="k", action=wecom.sample("WelcomeMember")), deeds.begin

    def begins_late(*said: Any, **more: Any) -> list[str]:
        monkeypatch.setattr(welcomes.deeds, "begin", begin)
        assert isinstance(wecom.carrier.send(asked), Sent)
        return begin(*said, **more)

    monkeypatch.setattr(welcomes.deeds, "begin", begins_late)
    with pytest.raises(CutOff, match="another worker"):
        wecom.carrier.send(asked)
    assert isinstance(wecom.carrier.send(asked), Sent)
    assert wecom.times_done("k") == 1


# Pictures and words


def picture(name: str, content: bytes = PIXEL) -> str:
    folder = Path(settings.UPLOADS) / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return name


def send(rig: WeComRig, body: act.Body, number: int = 0) -> Outcome:
    (asked,) = posts(rig, of_owner(rig, "lin", number + 1)[number:], body, f"b{number}")
    return rig.carrier.send(asked)


def test_a_picture_goes_up_once_for_many_messages_and_again_before_wecom_forgets_it(wecom: WeComRig) -> None:
    body = act.Body(text="看图", pictures=(PICTURE,))
    for number in range(3):
        assert isinstance(send(wecom, body, number), Waiting)
    assert calls(wecom, "media/upload") == 1
    wecom.clock.leap(pictures.NAMED_FOR)
    assert isinstance(send(wecom, body, 3), Waiting)
    assert calls(wecom, "media/upload") == 2
    shelf = wecom.company.part(MediaShelf)
    assert shelf.get(Media.objects.get().value).content == PIXEL


def test_a_picture_wecom_has_lost_is_sent_up_again_and_not_given_up(wecom: WeComRig) -> None:
    body = act.Body(text="看图", pictures=(PICTURE,))
    assert isinstance(send(wecom, body), Waiting)
    shelf = wecom.company.part(MediaShelf)
    shelf.forget(Media.objects.get().value)
    wecom.clock.leap(pictures.JUST_NOW * 2)
    again = send(wecom, body, 1)
    assert (type(again), getattr(again, "after", None)) == (TryLater, timedelta(0))
    assert isinstance(send(wecom, body, 1), Waiting)
    assert calls(wecom, "media/upload") == 2
    assert shelf.get(Media.objects.get().value).content == PIXEL


def test_a_picture_that_never_stays_there_is_refused_in_words(wecom: WeComRig) -> None:
    wecom.company.faults.plan(fault_from({"kind": "errcode", "path": "*/add_msg_template", "errcode": 40007, "times": -1}))
    outcome = send(wecom, act.Body(text="看图", pictures=(PICTURE,)))
    assert isinstance(outcome, Refused)
    assert outcome.reason == pictures.NOT_THERE


def test_the_picture_beside_a_link_has_an_address_that_stays(wecom: WeComRig) -> None:
    link = act.Link(url="https://example.invalid/live", title="直播", picture=PICTURE)
    for number in range(2):
        assert isinstance(send(wecom, act.Body(text="来", link=link), number), Waiting)
        wecom.clock.leap(timedelta(days=30))
    assert calls(wecom, "media/uploadimg") == 1
    attached = wecom.line.deeds[-1].body["attachments"]
    assert attached[0]["link"]["picurl"] == Media.objects.get().value


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (act.Body(text="  "), "nothing to send"),
        (act.Body(text="长" * 1400), "too long"),
        (act.Body(pictures=tuple(f"{number}.png" for number in range(10))), "nine"),
        (act.Body(pictures=("gone.png",)), "not there any more"),
        (act.Body(pictures=("../../secrets/vault",)), "not there any more"),
        (act.Body(pictures=("moving.gif",)), "JPEG or PNG"),
    ],
)
def test_what_wecom_would_not_take_is_refused_in_words_before_any_call(wecom: WeComRig, body: act.Body, reason: str) -> None:
    picture("moving.gif", b"GIF89a" + b"\0" * 20)
    outcome = send(wecom, body)
    assert isinstance(outcome, Refused)
    assert reason in outcome.reason
    assert wecom.line.deeds == []
    assert Deed.objects.count() == 0


def test_a_picture_that_cannot_go_up_has_sent_nothing(wecom: WeComRig) -> None:
    wecom.company.faults.plan(fault_from({"kind": "500", "path": "*/media/upload"}))
    with pytest.raises(Unreachable):
        send(wecom, act.Body(text="看图", pictures=(PICTURE,)))
    assert wecom.line.deeds == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("短", ["短"]),
        ("一行\n" * 3, ["一行", "一行", "一行\n"]),
        ("长长长长", ["长长长", "长"]),
        ("", []),
    ],
)
def test_a_long_text_to_a_colleague_goes_in_parts_and_nothing_is_lost(text: str, parts: list[str]) -> None:
    found = staff.split(text, 9)
    assert [part.strip("\n") for part in found] == [part.strip("\n") for part in parts]
    assert "".join(found).replace("\n", "") == text.replace("\n", "")
    assert all(len(part.encode()) <= 9 for part in found)


# Tags


def tagging(rig: WeComRig, **wish: Any) -> Asked:
    return Asked(key="tag", action=act.TagMember(account=rig.account, member_id=wish.pop("member"), **wish))


def tags_on(rig: WeComRig, person: str) -> dict[str, set[str]]:
    names = {tag.id: tag.name for group in rig.company.tags.living() for tag in group.living()}
    return {follow.userid: {names[each] for each in follow.tags} for follow in rig.company.customers.follows_of(person)}


def test_tags_are_put_on_for_every_colleague_who_knows_the_customer_and_made_where_there_are_none(wecom: WeComRig) -> None:
    person = next(
        wecom._customer(number) for number in range(500) if len(wecom.company.customers.follows_of(wecom._customer(number))) > 1
    )
    wish = tagging(wecom, member=person, add=("VIP", "爱读书"))
    assert isinstance(wecom.carrier.send(wish), Sent)
    on = tags_on(wecom, person)
    assert len(on) > 1
    assert all({"VIP", "爱读书"} <= names for names in on.values())
    ours = wecom.company.tags.named("活群")
    assert ours is not None
    assert [tag.name for tag in ours.living()] == ["爱读书"]
    marked = len(wecom.line.deeds)
    assert isinstance(wecom.carrier.send(wish), Sent)
    assert len(wecom.line.deeds) == marked, "as it is already, nothing was asked for"
    assert isinstance(wecom.carrier.send(tagging(wecom, member=person, remove=("VIP",))), Sent)
    assert not any("VIP" in names for names in tags_on(wecom, person).values())


# The company


def test_what_is_in_the_way_of_everything_waits_until_somebody_has_mended_it(wecom: WeComRig) -> None:
    (asked,) = posts(wecom, of_owner(wecom, "lin", 1))
    for app in wecom.company.apps:
        app.allowed_ips = {"203.0.113.9"}
    outcome = wecom.carrier.send(asked)
    assert isinstance(outcome, TryLater)
    assert "trusted IPs" in outcome.reason
    for app in wecom.company.apps:
        app.allowed_ips = None
    assert isinstance(wecom.carrier.send(asked), Waiting)


def test_a_new_secret_is_used_from_the_next_call_on(wecom: WeComRig) -> None:
    (asked,) = posts(wecom, of_owner(wecom, "lin", 1))
    right = wecom.corp.contact_secret
    Corp.objects.filter(pk=wecom.corp.pk).update(contact_secret="wrong")
    assert isinstance(wecom.carrier.send(asked), TryLater)
    Corp.objects.filter(pk=wecom.corp.pk).update(contact_secret=right)
    assert isinstance(wecom.carrier.send(asked), Waiting)


def test_a_token_revoked_in_the_middle_of_a_batch_costs_nothing(wecom: WeComRig) -> None:
    owners = sorted({group.owner for group in wecom.company.groups.ever()})[:6]
    asked = posts(wecom, [group for owner in owners for group in of_owner(wecom, owner, 2)])
    through, count = wecom.line._through, 0

    def revoking(request: Any, path: str) -> Any:
        nonlocal count
        if path == "externalcontact/add_msg_template":
            count += 1
            if count == 3:
                wecom.company.tokens.spoil("forget")
        return through(request, path)

    wecom.line._through = revoking  # type: ignore[method-assign]
    outcomes = wecom.carrier.send_many(asked)
    assert all(isinstance(each, Waiting) for each in outcomes)
    assert [wecom.times_done(each.key) for each in asked] == [1] * len(asked)


def test_what_is_asked_of_a_company_that_is_no_longer_connected_is_for_a_persons_hand(wecom: WeComRig) -> None:
    asked = posts(wecom, of_owner(wecom, "lin", 2))
    wecom.note(asked)
    Corp.objects.all().delete()
    carrier = wecom.carrier._inner
    assert [type(each) for each in carrier.send_many(asked)] == [NeedsHand] * 2
    assert carrier.look_up(asked[0]) is None
    assert carrier.follow(asked) == carrier.withdraw(asked) == [None, None]
    assert isinstance(carrier.remind(asked[0]), Refused)
    assert wecom.line.deeds == []
