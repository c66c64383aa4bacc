"""Each planted cause leaves the traces somebody could find it by."""

from __future__ import annotations

import pytest

from .conftest import Look

TALK = "('message', 'image', 'sticker', 'link', 'voice', 'video', 'file')"


def ids(look: Look, cause: str) -> str:
    found = [gid for gid, told in look.groups() if cause in told["causes"]]
    assert found
    return "(" + ", ".join(f"'{gid}'" for gid in found) + ")"


def healthy(look: Look) -> str:
    return "(" + ", ".join(f"'{gid}'" for gid, told in look.groups() if told["causes"] == ["none"]) + ")"


def answered(look: Look, groups: str) -> float:
    """Share of people's questions that somebody answers with a quotation or within the hour."""
    return float(
        look.ask(f"""
        with q as (select organisation, group_id, message_id, sent_at, author_id from talk
                   where kind = 'message' and text like '%？' and reply_to is null and group_id in {groups}
                     and author_id not in (select author_id from house))
        select avg(exists(select 1 from talk a where a.group_id = q.group_id and a.reply_to = q.message_id)::int) from q""")[0][
            0
        ]
    )


@pytest.mark.method("A25")
def test_questions_go_unanswered_where_that_is_the_cause(look: Look) -> None:
    assert answered(look, ids(look, "questions_unanswered")) < 0.5 * answered(look, healthy(look))


@pytest.mark.method("A25")
def test_newcomers_first_words_are_left_alone_where_that_is_the_cause(look: Look) -> None:
    def heard(groups: str) -> float:
        return float(
            look.ask(f"""
            with first as (select t.group_id, min_by(t.message_id, t.sent_at) message_id, min_by(t.reply_to, t.sent_at) to_what
                           from talk t join talk j using (group_id, author_id)
                           where j.kind = 'join' and j.sent_at >= '2026-05-30' and t.kind = 'message' and t.group_id in {groups}
                             and t.author_id not in (select author_id from house)
                           group by t.group_id, t.author_id having min(t.sent_at) < min(j.sent_at) + interval 2 days)
            select avg(exists(select 1 from talk a where a.group_id = first.group_id and a.reply_to = first.message_id)::int)
            from first where to_what is null""")[0][0]
        )

    assert heard(ids(look, "newcomers_ignored")) < 0.6 * heard(healthy(look))


@pytest.mark.method("D10", "D17")
def test_mass_adders_say_nothing_and_are_complained_about(look: Look) -> None:
    adders = {person for _, told in look.groups() for person in told["roles"].get("mass_adder", [])}
    assert adders
    assert look.ask(f"select count(*) from talk where kind in {TALK} and author_id in {(*adders, '')}")[0][0] == 0
    assert look.ask("select count(*) from talk where text like '%「%」%'")[0][0] > 0


@pytest.mark.method("A15", "D07")
def test_some_strangers_ads_are_taken_back_and_their_authors_removed(look: Look) -> None:
    spammers = {person for _, told in look.groups() for person in told["roles"].get("spammer", [])}
    removed = look.ask(f"""select count(*) from talk where kind = 'leave' and target_id is not null
                           and author_id in {(*spammers, "")}""")[0][0]
    assert 20 < removed < len(spammers)
    assert look.ask("select count(*) from talk where kind = 'recall'")[0][0] > 10


@pytest.mark.method("A08")
def test_groups_that_hang_on_the_operator_speak_mostly_after_the_operator(look: Look) -> None:
    def house_share(groups: str) -> float:
        return float(
            look.ask(f"""select avg((author_id in (select author_id from house))::int) from talk
                         where kind in {TALK} and group_id in {groups}""")[0][0]
        )

    assert house_share(ids(look, "operator_dependent")) > 2 * house_share(healthy(look))


@pytest.mark.method("A13")
def test_ad_fatigue_comes_with_more_leaving(look: Look) -> None:
    def leaving(groups: str) -> float:
        return float(
            look.ask(f"select sum((kind = 'leave')::int) / sum((kind = 'join')::int) from talk where group_id in {groups}")[0][
                0
            ]
        )

    assert leaving(ids(look, "ad_fatigue")) > 1.5 * leaving(healthy(look))


def test_key_people_leave_at_the_onset(look: Look) -> None:
    for _, told in look.groups():
        if "key_people_left" not in told["causes"]:
            continue
        builders = told["roles"]["co_builder"]
        gone = look.ask(f"""select count(distinct author_id) from talk where kind = 'leave' and author_id in {(*builders, "")}
            and sent_at between '{told["mechanism"]["onset"]}'::timestamp - interval 1 day
            and '{told["mechanism"]["onset"]}'::timestamp + interval 3 days""")[0][0]
        assert gone >= 2


@pytest.mark.method("A06")
def test_groups_made_by_reflex_have_no_purpose_written_down(look: Look) -> None:
    purposes = dict(look.ask(f"select group_id, purpose from read_csv('{look.world.folder}/*/groups.csv', all_varchar=true)"))
    for gid, told in look.groups():
        assert bool(purposes[gid]) != ("no_purpose" in told["causes"])


@pytest.mark.method("D08", "D09")
def test_packet_bots_are_first_nearly_every_time_and_never_speak(look: Look) -> None:
    bots = {person for _, told in look.groups() for person in told["roles"].get("red_packet_bot", [])}
    assert bots
    spoken = look.ask(f"select count(*) from talk where kind in {TALK} and author_id in {(*bots, '')}")[0][0]
    assert spoken == 0
    waits = look.ask(f"""
        select c.author_id in {(*bots, "")} bot, median(date_diff('second', p.sent_at, c.sent_at)) from talk c
        join talk p on p.group_id = c.group_id and p.message_id = c.reply_to where c.kind = 'claim' group by 1""")
    median = dict(waits)
    assert median[True] <= 1
    assert median[False] >= 5


def share_by_role(look: Look, measure: str) -> dict[str, float]:
    """The measure over what people of each role say, in groups of some size; `before` is the message before theirs."""
    rows = [(gid, who, role) for gid, told in look.groups() for role in PARTS for who in told["roles"].get(role, [])]
    values = ", ".join(f"('{gid}', '{who}', '{role}')" for gid, who, role in rows)
    return dict(
        look.ask(f"""
        with played(group_id, author_id, role) as (values {values}),
        heard as (select *, lag(author_id) over w as before,
                    lag(text) over w as text_before, sent_at - lag(sent_at) over w as gap
                  from talk where kind in {TALK} window w as (partition by group_id order by sent_at, message_id))
        select role, {measure} from heard join played using (group_id, author_id) group by role""")
    )


PARTS = ("co_builder", "active", "chatterbox", "onlooker")


@pytest.mark.method("C18", "C21")
def test_co_builders_say_whom_they_answer_and_chatterboxes_seldom_do(look: Look) -> None:
    addressed = share_by_role(look, "avg((reply_to is not null or coalesce(len(mentions), 0) > 0)::int)")
    assert addressed["chatterbox"] < 0.5 * addressed["active"] < 0.5 * addressed["co_builder"]


@pytest.mark.method("C18", "C21")
def test_questions_are_picked_up_by_co_builders_rather_than_chatterboxes(look: Look) -> None:
    soon = "before <> author_id and gap < interval 1 hour and text_before like '%？'"
    after = share_by_role(look, f"avg(({soon})::int)")
    assert after["chatterbox"] < 0.7 * after["co_builder"]


@pytest.mark.method("C21")
def test_chatterboxes_go_on_right_after_their_own_words(look: Look) -> None:
    again = share_by_role(look, "avg((before = author_id and gap < interval 1 hour)::int)")
    assert again["chatterbox"] > 1.5 * again["co_builder"]


@pytest.mark.method("C05", "A22")
def test_flash_groups_are_over_within_four_hours(look: Look) -> None:
    flash = [gid for gid, told in look.groups() if told["kind"] == "flash"]
    spans = look.ask(f"""select date_diff('minute', min(sent_at), max(sent_at)), sum((kind = 'order')::int) from talk
                         where group_id in {tuple(flash)} group by group_id""")
    assert len(spans) == len(flash) == 25
    assert all(minutes <= 240 and orders > 0 for minutes, orders in spans)


@pytest.mark.method("A21", "L15")
def test_silent_members_buy_too(look: Look) -> None:
    silent = look.ask(f"""select count(distinct author_id) from talk where kind = 'order'
        and author_id not in (select author_id from talk where kind in {TALK})""")[0][0]
    assert silent > 200


@pytest.mark.method("G09", "G10")
def test_writing_groups_hand_in_pieces_that_others_review(look: Look) -> None:
    pieces = look.ask("""select count(*), sum((exists(select 1 from talk r where r.group_id = p.group_id
        and r.reply_to = p.message_id))::int) from talk p where kind in ('link', 'file') and text like '【第%周】《%'""")[0]
    assert pieces[0] > 50
    assert pieces[1] / pieces[0] > 0.4


@pytest.mark.method("A10")
def test_events_are_called_and_attended_fewer_come_to_falling_groups(look: Look) -> None:
    attended = look.ask("""
        select state, count(*) filter (reply_to is not null) / count(*) filter (reply_to is null)
        from talk join truth using (group_id)
        where topic is not null and topic not like '第%' and state in ('thriving', 'bubbling') group by 1""")
    share = dict(attended)
    assert share["thriving"] > 1.5 * share["bubbling"]
