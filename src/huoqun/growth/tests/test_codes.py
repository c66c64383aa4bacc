"""Live codes: asked for, live, changed, ended, made by hand, credited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from huoqun.carriers.models import Connection
from huoqun.community.models import Community, Contact, Group, Identity, Membership
from huoqun.console.models import Staff
from huoqun.growth import handlers, operations
from huoqun.growth.errors import LeadsNowhere, NotLive
from huoqun.growth.models import LiveCode
from huoqun.growth.operations import Leads
from huoqun.growth.queries import Came, came_by, codes
from huoqun.growth.rules import Kind, State, Wish, state_after, wish_of
from huoqun.growth.tests.conftest import NOW, group, identity
from huoqun.outbox import codec
from huoqun.outbox.models import Request
from huoqun.vocabulary.actions import ChangeJoinLink, EndContactLink, MakeContactLink, MakeJoinLink
from huoqun.vocabulary.facts import RequestSettled
from huoqun.vocabulary.log import Batch, Stored

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def asked() -> list[object]:
    return [codec.action(row.action, row.payload) for row in Request.objects.order_by("pk")]


def fact(request: Request, outcome: str, **more: str) -> RequestSettled:
    return RequestSettled(
        community=request.community, at=NOW, request=request.key, action=request.action, target=request.target,
        outcome=outcome, room=request.room, about=request.about, **more,
    )  # fmt: skip


def hear(*facts: RequestSettled) -> None:
    handlers.follow(Batch(tuple(Stored(place, NOW, each) for place, each in enumerate(facts, 1)), "growth/0"), now=NOW)


def last() -> Request:
    return Request.objects.order_by("pk").last()  # type: ignore[return-value]


@pytest.fixture
def poster(balcony: Community, groups: list[Group], lin: Staff) -> LiveCode:
    leads = Leads(title="春季海报", groups=groups[:2], new_groups="番茄新群")
    return operations.make(balcony, Kind.JOIN, leads, by=lin, now=NOW)


@pytest.fixture
def live(poster: LiveCode) -> LiveCode:
    hear(fact(last(), "sent", message_id="cfg1", link="https://qr.example.org/g/1"))
    poster.refresh_from_db()
    return poster


@pytest.mark.method("E01")
def test_a_group_code_is_asked_for_with_a_source_of_its_own(poster: LiveCode) -> None:
    (action,) = asked()
    assert isinstance(action, MakeJoinLink)
    assert (action.group_id, action.more_group_ids, action.title) == ("g0", ("g1",), "春季海报")
    assert (action.source, action.new_groups, action.first_number) == (f"code-{poster.pk}", "番茄新群", 3)
    assert action.account.name == "bot"
    assert poster.state == State.ASKED


def test_when_the_carrier_has_made_it_it_is_live(live: LiveCode) -> None:
    assert (live.state, live.link_id, live.link) == (State.LIVE, "cfg1", "https://qr.example.org/g/1")


def test_a_contact_code_leads_to_colleagues(balcony: Community, mo: Identity, lin: Staff) -> None:
    operations.make(balcony, Kind.CONTACT, Leads(title="名片", colleagues=[mo], asks_first=True), by=lin, now=NOW)
    (action,) = asked()
    assert isinstance(action, MakeContactLink)
    assert (action.staff_ids, action.asks_first) == (("mo",), True)


def test_where_it_leads_changes_and_its_source_never(live: LiveCode, groups: list[Group], lin: Staff) -> None:
    operations.change(live, Leads(title="夏季海报", groups=[groups[2], groups[0]]), by=lin, now=NOW)
    action = asked()[-1]
    assert isinstance(action, ChangeJoinLink)
    assert (action.link_id, action.group_ids, action.source) == ("cfg1", ("g2", "g0"), f"code-{live.pk}")
    assert [step.group for step in live.steps.all()] == [groups[2], groups[0]]


def test_a_change_that_was_refused_leaves_it_live_and_says_why(live: LiveCode, groups: list[Group], lin: Staff) -> None:
    operations.change(live, Leads(title="夏季海报", groups=groups[:1]), by=lin, now=NOW)
    hear(fact(last(), "refused", reason="The code does not exist any more."))
    live.refresh_from_db()
    assert (live.state, live.trouble) == (State.LIVE, "The code does not exist any more.")


def test_what_is_heard_late_of_an_older_wish_says_nothing_about_the_newer(
    live: LiveCode, groups: list[Group], lin: Staff
) -> None:
    operations.change(live, Leads(title="一", groups=groups[:1]), by=lin, now=NOW)
    older = fact(last(), "refused", reason="older")
    operations.change(live, Leads(title="二", groups=groups[:1]), by=lin, now=NOW)
    hear(fact(last(), "sent"))
    hear(older)
    live.refresh_from_db()
    assert live.trouble == ""


def test_ended_nobody_comes_in_by_it(balcony: Community, mo: Identity, lin: Staff) -> None:
    code = operations.make(balcony, Kind.CONTACT, Leads(title="名片", colleagues=[mo]), by=lin, now=NOW)
    hear(fact(last(), "sent", message_id="cfg2", link="https://qr.example.org/c/2"))
    operations.end(code, by=lin, now=NOW)
    assert isinstance(asked()[-1], EndContactLink)
    code.refresh_from_db()
    assert code.state == State.LIVE
    hear(fact(last(), "sent"))
    code.refresh_from_db()
    assert (code.state, code.ended_at) == (State.ENDED, NOW)
    with pytest.raises(NotLive):
        operations.end(code, by=lin, now=NOW)


def test_without_a_live_account_a_person_makes_it_and_enters_the_link(balcony: Community, lin: Staff) -> None:
    code = operations.make(balcony, Kind.JOIN, Leads(title="海报", groups=[group(balcony, "w1", "wechat")]), by=lin, now=NOW)
    assert code.account == "hand"
    hear(fact(last(), "handed", reason="No live account is in this group: somebody does it by hand."))
    code.refresh_from_db()
    assert code.state == State.BY_HAND
    operations.enter_link(code, "https://weixin.example.org/g/9", now=NOW)
    hear(fact(last(), "sent"))
    code.refresh_from_db()
    assert (code.state, code.link, code.link_id) == (State.LIVE, "https://weixin.example.org/g/9", "")
    operations.end(code, by=lin, now=NOW)
    assert Request.objects.count() == 1


def test_a_code_leads_somewhere_and_not_to_two_carriers_or_communities(
    balcony: Community, elsewhere: Community, groups: list[Group], lin: Staff
) -> None:
    many = [*groups, *(group(balcony, f"m{number}") for number in range(3))]
    for wrong in ([], many, [groups[0], group(balcony, "w1", "wechat")], [group(elsewhere, "e1")]):
        with pytest.raises(LeadsNowhere):
            operations.make(balcony, Kind.JOIN, Leads(title="海报", groups=wrong), by=lin, now=NOW)
    assert not Request.objects.exists()
    assert not LiveCode.objects.exists()


def test_facts_of_other_rooms_and_communities_change_nothing(poster: LiveCode) -> None:
    made = fact(last(), "sent", message_id="x")
    hear(replace(made, room="content"), replace(made, community="elsewhere"), replace(made, about="broadcast/1"))
    poster.refresh_from_db()
    assert poster.state == State.ASKED


def test_whoever_came_is_credited_to_the_code_and_no_other(
    live: LiveCode, groups: list[Group], balcony: Community, elsewhere: Community
) -> None:
    for number, (source, joined, left) in enumerate(
        [(live.source, NOW, None), (live.source, NOW - 10 * DAY, NOW), ("code-999", NOW, None), ("", NOW, None)]
    ):
        who = identity(balcony, f"n{number}")
        Membership.objects.create(group=groups[0], identity=who, source=source, joined_at=joined, left_at=left)
    Membership.objects.create(
        group=group(elsewhere, "e1"), identity=identity(elsewhere, "e"), source=live.source, joined_at=NOW
    )
    assert came_by([live], now=NOW) == {live.pk: Came(all=2, there=1, week=1)}


def test_contacts_are_credited_to_contact_codes(balcony: Community, mo: Identity, lin: Staff) -> None:
    code = operations.make(balcony, Kind.CONTACT, Leads(title="名片", colleagues=[mo]), by=lin, now=NOW)
    for number, lost in enumerate((None, NOW)):
        who = identity(balcony, f"n{number}")
        Contact.objects.create(community=balcony, staff=mo, identity=who, source=code.source, added_at=NOW, lost_at=lost)
    assert came_by([code], now=NOW) == {code.pk: Came(all=2, there=1, week=2)}


def test_the_archive_is_no_account_to_act_through(balcony: Community, groups: list[Group], lin: Staff) -> None:
    Connection.objects.all().delete()
    for name in ("ww1/archive", "ww1"):
        Connection.objects.create(community="balcony", carrier="pretend", name=name, next_at=NOW, made_at=NOW)
    assert operations.make(balcony, Kind.JOIN, Leads(title="海报", groups=groups[:1]), by=lin, now=NOW).account == "ww1"


def test_somebody_elsewhere_sees_no_code(poster: LiveCode, yu: Staff, lin: Staff) -> None:
    assert not codes(yu).exists()
    assert list(codes(lin)) == [poster]


@pytest.mark.parametrize(
    ("wish", "outcome", "before", "after"),
    [
        (Wish.MAKE, "sent", State.ASKED, State.LIVE),
        (Wish.MAKE, "handed", State.ASKED, State.BY_HAND),
        (Wish.MAKE, "refused", State.ASKED, State.FAILED),
        (Wish.MAKE, "cancelled", State.BY_HAND, State.FAILED),
        (Wish.MAKE, "unknown", State.ASKED, State.ASKED),
        (Wish.MAKE, "handed", State.LIVE, State.LIVE),
        (Wish.MAKE, "sent", State.ENDED, State.ENDED),
        (Wish.CHANGE, "refused", State.LIVE, State.LIVE),
        (Wish.END, "refused", State.LIVE, State.LIVE),
        (Wish.END, "sent", State.LIVE, State.ENDED),
    ],
)
def test_what_becomes_of_a_code(wish: Wish, outcome: str, before: State, after: State) -> None:
    assert state_after(wish, outcome, before) == after


def test_what_a_request_was_about_is_read_from_its_name() -> None:
    assert wish_of("code/17/make/1") == (17, Wish.MAKE, 1)
    assert [wish_of(words) for words in ("", "broadcast/1", "code/x/make/1", "code/1/burn/1", "code/1/make")] == [None] * 5
