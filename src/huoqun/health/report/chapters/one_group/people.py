"""Who is here, who came, who was left without an answer, who went."""

from __future__ import annotations

from ...blocks import Block, Column, Kind, Name, Quotes, Row, Section, Soft, Table, cell
from ...check_up import CheckUp, Member
from ...figures import share, whole
from ...words import Voice

SHOWN, QUESTIONS = 10, 5
ROLES = ("co_builder", "chatterbox", "active", "onlooker")


def roles(told: CheckUp, say: Voice) -> Section:
    speakers, half = told.group.number("speakers_90d"), told.group.number("half_holders")
    if not speakers or not half:
        return Section(say("roles"), say("structure_none"))
    lead = [say("structure_lead", speakers=whole(speakers), half=whole(half))]
    counted = [
        say("role_counts", role=say(f"role_{role}"), n=whole(told.roles[role])) for role in ROLES if told.roles.get(role)
    ]
    if counted:
        lead.append(say.listed(counted))
    if not told.people:
        return Section(say("roles"), say.together(lead))
    if len(told.people) >= SHOWN:
        lead.append(say("roles_shown", n=SHOWN))
    columns = (
        Column(say("person"), share=1),
        Column(say("role"), Kind.DAY),
        Column(say("messages"), Kind.NUMBER),
        Column(say("share"), Kind.NUMBER),
        Column(say("person_days"), Kind.NUMBER),
    )
    rows = tuple(_member(member, say) for member in told.people[:SHOWN])
    return Section(say("roles"), say.together(lead), (Table(columns, rows, cards=True),))


def _member(member: Member, say: Voice) -> Row:
    numbers = (cell(whole(member.messages)), cell(share(member.share)), cell(whole(member.days)))
    return Row((cell(Name(member.name)), cell(Soft(say(f"role_{member.role}"))), *numbers))


def newcomers(told: CheckUp, say: Voice) -> Section:
    group = told.group
    joined = group.number("newcomers_90d")
    if not joined:
        return Section(say("newcomers"), say("newcomers_unknown" if joined is None else "newcomers_none"))
    had, spoke = group.number("had_a_week"), group.number("spoke_within_7d")
    lead = [say("newcomers_lead", joined=whole(joined), had=whole(had), spoke=whole(spoke))]
    first, answered = group.number("first_words"), group.number("first_words_answered")
    if first:
        lead.append(say("newcomers_answered", first=whole(first), answered=whole(answered)))
    return Section(say("newcomers"), say.together(lead))


def service(told: CheckUp, say: Voice) -> Section:
    group = told.group
    asked = group.number("questions_30d")
    if not asked:
        return Section(say("service"), say("service_unknown" if asked is None else "service_none"))
    lead = [
        say(
            "service_lead",
            asked=whole(asked),
            members=whole(group.number("answered_by_members")),
            staff=whole(group.number("answered_by_staff")),
            unanswered=whole(group.number("unanswered")),
        )
    ]
    if (minutes := group.number("answer_minutes")) is not None:
        lead.append(say("service_wait", minutes=whole(max(minutes, 1))))
    blocks: list[Block] = []
    if told.questions:
        lead.append(say("service_open", n=len(told.questions[:QUESTIONS])) + say("colon"))
        blocks.append(Quotes(tuple(told.said(one.at, one.who, one.text) for one in told.questions[:QUESTIONS])))
    return Section(say("service"), say.together(lead), tuple(blocks))


def growth(told: CheckUp, say: Voice) -> Section:
    group = told.group
    joins = group.number("joins_30d")
    if joins is None:
        return Section(say("growth"), say("growth_unknown"))
    leaves, members = group.number("leaves_30d"), group.number("members")
    return Section(say("growth"), say("growth_lead", joins=whole(joins), leaves=whole(leaves), members=whole(members)))
