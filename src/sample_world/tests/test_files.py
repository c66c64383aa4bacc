"""What is written holds together."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from sample_world.files import GROUP_FIELDS, SCHEMA

from .conftest import Look

TALK = "('message', 'image', 'sticker', 'link', 'voice', 'video', 'file', 'red_packet')"


def none_of(look: Look, question: str) -> None:
    wrong = look.ask(question)
    assert not wrong, wrong[:5]


def test_ids_are_unique_within_their_group(look: Look) -> None:
    none_of(look, "select group_id, message_id from talk group by all having count(*) > 1")
    none_of(look, "select group_id from (select distinct organisation, group_id from talk) group by 1 having count(*) > 1")


def test_replies_answer_something_earlier_in_the_same_group(look: Look) -> None:
    none_of(
        look,
        """select a.group_id, a.message_id from talk a
           left join talk b on a.group_id = b.group_id and a.reply_to = b.message_id
           where a.reply_to is not null and (b.message_id is null or b.sent_at > a.sent_at
             or (a.kind != 'recall' and try_cast(b.message_id as bigint) >= try_cast(a.message_id as bigint)))""",
    )


def test_claims_open_packets_and_recalls_take_back_messages(look: Look) -> None:
    none_of(
        look,
        f"""select a.group_id, a.message_id from talk a
            left join talk b on a.group_id = b.group_id and a.reply_to = b.message_id
            where (a.kind = 'claim' and (b.kind is distinct from 'red_packet' or a.amount is null))
               or (a.kind = 'recall' and (b.kind is null or b.kind not in {TALK}))""",
    )


def test_people_speak_between_joining_and_leaving(look: Look) -> None:
    none_of(
        look,
        f"""with stay as (select group_id, author_id, min(sent_at) filter (kind = 'join') j,
                            max(sent_at) filter (kind = 'leave') l from talk where author_id is not null group by all)
            select t.group_id, t.message_id, t.kind, t.sent_at, j, l from talk t join stay using (group_id, author_id)
            where t.kind in {TALK[:-1]}, 'claim', 'order', 'rename') and (j is null or t.sent_at < j or t.sent_at > l)""",
    )


def test_nobody_joins_or_leaves_twice_and_inviters_were_there(look: Look) -> None:
    none_of(
        look,
        """select group_id, author_id from talk where kind in ('join', 'leave')
           group by group_id, author_id, kind having count(*) > 1""",
    )
    none_of(
        look,
        """select j.group_id, j.author_id, j.inviter_id from talk j
           left join talk i on i.group_id = j.group_id and i.author_id = j.inviter_id and i.kind = 'join'
           where j.kind = 'join' and j.inviter_id is not null and (i.sent_at is null or i.sent_at > j.sent_at
             or j.inviter_id = j.author_id)""",
    )


def test_mentions_and_targets_are_members(look: Look) -> None:
    none_of(
        look,
        """with said as (select group_id, unnest(mentions) person from talk union all
                         select group_id, target_id from talk where target_id is not null)
           select * from said where (group_id, person) not in (select group_id, author_id from talk where kind = 'join')""",
    )


def test_the_house_list_names_all_staff_helpers_and_bots_and_nobody_else(look: Look) -> None:
    for slug, told in look.truth["organisations"].items():
        with (look.world.folder / slug / "house.csv").open(encoding="utf-8") as file:
            listed = {line["author_id"]: line["kind"] for line in csv.DictReader(file)}
        planted: dict[str, str] = {}
        for group in told["groups"].values():
            for kind in ("staff", "helper", "bot"):
                planted |= dict.fromkeys(group["roles"].get(kind, []), kind)
        assert listed == planted
        assert set(listed.values()) == {"staff", "helper", "bot"}


def test_group_lists_have_one_complete_line_a_group(look: Look) -> None:
    for slug, told in look.truth["organisations"].items():
        with (look.world.folder / slug / "groups.csv").open(encoding="utf-8") as file:
            lines = list(csv.DictReader(file))
        assert tuple(lines[0]) == GROUP_FIELDS
        assert {line["group_id"] for line in lines} == set(told["groups"])
        for line in lines:
            assert all(line[name] for name in GROUP_FIELDS if name not in ("purpose", "planned_end"))
            assert bool(line["planned_end"]) == (line["lifecycle"] != "permanent")
            assert "{" not in line["name"] + line["purpose"]


def test_the_table_has_the_columns_of_huoquns_own_table(look: Look) -> None:
    columns = [name for name, *_ in look.ask("describe talk")]
    assert columns == [*SCHEMA.names, "organisation"]


def test_a_community_file_names_each_organisation(look: Look) -> None:
    for part in look.world.organisations:
        told = json.loads((part.folder / "community.json").read_text(encoding="utf-8"))
        assert told["slug"] == part.slug
        assert told["name"]
        assert told["zone"] == "Asia/Shanghai"


def test_sizes_and_amounts_are_as_promised(look: Look) -> None:
    assert 150_000 <= look.world.messages <= 280_000
    sizes = look.ask("select count(*) from talk where kind = 'join' group by group_id")
    assert min(sizes)[0] >= 5
    assert max(sizes)[0] <= 500


def test_no_template_is_left_unfilled(look: Look) -> None:
    none_of(look, "select text from talk where text like '%{%' or text like '%}%' or trim(text) = ''")


def test_people_do_not_repeat_each_other_on_a_groups_first_page(look: Look) -> None:
    shares = look.ask("""
        with page as (select group_id, text from talk where kind = 'message' and length(text) > 6
                      qualify row_number() over (partition by group_id order by sent_at desc) <= 40)
        select group_id, count(distinct text) / count(*) from page group by 1 having count(*) >= 20""")
    assert sum(share for _, share in shares) / len(shares) > 0.93
    assert min(share for _, share in shares) > 0.6


def test_the_words_are_many(look: Look) -> None:
    distinct = look.ask("select count(distinct text) from talk where kind = 'message'")[0][0]
    assert distinct > 25_000


@pytest.mark.parametrize("question", ["%？", "%吗%"])
def test_questions_look_like_questions(look: Look, question: str) -> None:
    assert look.ask(f"select count(*) from talk where kind = 'message' and text like '{question}'")[0][0] > 3_000


def test_it_stands_alone() -> None:
    """Making a world loads nothing of huoqun."""
    code = "import sys, sample_world, sample_world.scale; print([m for m in sys.modules if m.split('.')[0] == 'huoqun'])"
    source = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=source, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
