"""Who answers whom, inferred: on annotated conversations, in Chinese, and at the edges."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from huoqun.health.ties.linker import Linker, Talk, link, training, words
from huoqun.health.ties.linker.model import SHIPPED

Line = tuple[int, int, str, list[int]]
"""Minute, author, text, people named."""


def talk(
    *lines: Line, groups: list[int] | None = None, ids: list[str] | None = None, replies: list[str | None] | None = None
) -> Talk:
    return Talk.of(
        group=np.asarray(groups or [1] * len(lines), np.int64),
        at_us=np.asarray([minute * 60_000_000 for minute, *_ in lines], np.int64),
        author=np.asarray([author for _, author, *_ in lines], np.int64),
        mentions=pa.array([named for *_, named in lines], pa.list_(pa.int64())),
        texts=pa.array([text for _, _, text, _ in lines], pa.string()),
        message_id=pa.array(ids or [None] * len(lines), pa.string()),
        reply_to=pa.array(replies or [None] * len(lines), pa.string()),
    )


CHINESE: list[Line] = [
    (0, 1, "请问周六的读书会几点开始？", []),
    (40, 5, "大家好，我是新来的", []),
    (41, 2, "欢迎欢迎", [5]),
    (42, 5, "请问群里有阳台种番茄的吗？", []),
    (43, 3, "番茄我种过，阳台要朝南", []),
    (43, 5, "谢谢", [3]),
    (300, 4, "明天下雨，集合改到地铁站", []),
]


@pytest.mark.method("A25")
def test_a_chinese_conversation() -> None:
    links = link(talk(*CHINESE))
    assert links.answered.tolist()[0] == 0  # starts
    assert links.answered.tolist()[1] == 1  # starts, 40 minutes later
    assert links.answered.tolist()[2] == 1  # names the newcomer
    assert links.answered.tolist()[4] == 3  # same words as the question
    assert links.answered.tolist()[5] == 4  # thanks the one named
    assert links.answered.tolist()[6] == 6  # hours later


def test_words_in_common_make_a_link_likelier() -> None:
    asked: list[Line] = [(0, 1, "有人周末去爬山吗", []), (0, 2, "谁会修打印机", []), (1, 3, "", [])]
    hill = link(talk(*asked[:2], (1, 3, "爬山我去", [])))
    printer = link(talk(*asked[:2], (1, 3, "打印机我会修", [])))
    of_hill = {
        int(parent): weight for child, parent, weight in zip(hill.child, hill.parent, hill.weight, strict=True) if child == 2
    }
    of_printer = {int(p): weight for c, p, weight in zip(printer.child, printer.parent, printer.weight, strict=True) if c == 2}
    assert of_hill[0] > of_printer.get(0, 0)
    assert of_printer[1] > of_hill.get(1, 0)


def test_what_a_message_says_itself_is_certain() -> None:
    ids = [f"m{place}" for place in range(len(CHINESE))]
    replies: list[str | None] = [None] * 6 + ["m0"]
    links = link(talk(*CHINESE, ids=ids, replies=replies))
    assert (links.answered[6], links.probability[6]) == (0, 1)
    assert [w for c, _, w in zip(links.child, links.parent, links.weight, strict=True) if c == 6] == [1]


def test_a_reply_to_a_message_of_another_group_is_not_known() -> None:
    links = link(talk(*CHINESE, groups=[1] * 6 + [2], ids=[f"m{n}" for n in range(7)], replies=[None] * 6 + ["m0"]))
    assert (links.answered[6], links.probability[6]) == (6, 1)


def test_probabilities_are_probabilities_and_no_link_leaves_its_group_or_looks_ahead() -> None:
    dice = np.random.default_rng(3)
    lines: list[Line] = [
        (n, int(dice.integers(1, 5)), str(dice.choice(["在吗", "谢谢", "怎么弄？", "ok"])), []) for n in range(200)
    ]
    groups = sorted(dice.integers(0, 4, 200).tolist())
    links = link(talk(*lines, groups=groups))
    group = np.asarray(groups)
    assert (group[links.child] == group[links.parent]).all()
    assert (links.parent < links.child).all()
    assert ((links.probability > 0) & (links.probability <= 1)).all()
    assert np.bincount(links.child, weights=links.weight).max() <= 1 + 1e-9


def test_going_on_answers_whom_one_answered_before() -> None:
    ids = ["m0", "m1", "m2", "m3"]
    said = talk(
        (0, 1, "几点开始", []),
        (0, 2, "两点", []),
        (1, 2, "别迟到", []),
        (1, 2, "带书", []),
        ids=ids,
        replies=[None, "m0", "m1", "m2"],
    )
    links = link(said)
    assert links.answered.tolist() == [0, 0, 1, 2]
    assert sorted(zip(links.child.tolist(), links.parent.tolist(), links.weight.tolist(), strict=True)) == [
        (1, 0, 1),
        (2, 0, 1),
        (3, 0, 1),
    ]


def test_nothing_said_nothing_linked() -> None:
    assert len(link(talk()).answered) == 0
    alone = link(talk((0, 1, "有人吗", [])))
    assert (alone.answered.tolist(), alone.probability.tolist(), len(alone.weight)) == ([0], [1], 0)


def test_chinese_is_read_by_pairs_of_characters_and_others_by_words() -> None:
    read = words.read(pa.array(["读书会几点", "读书会", "Where is the README", "readme here", None, "a b c"]))
    alike = (read.weights @ read.weights.T).toarray()
    assert alike[0, 1] > 0.4
    assert 0 < alike[2, 3] < 0.8
    assert alike[0, 2] == alike[1, 4] == alike[2, 5] == 0
    assert np.diag(alike).round(6).tolist() == [1, 1, 1, 1, 0, 0]


def test_the_shipped_weights_say_whose_data_taught_them() -> None:
    about = Linker.shipped().about
    assert "CC BY 4.0" in about["licence"]
    assert "Kummerfeld" in about["attribution"]
    assert about["address"].startswith("https://")


def test_weights_for_other_features_are_refused() -> None:
    written = json.loads(SHIPPED.read_text(encoding="utf-8"))
    written["features"] = written["features"][:-1]
    with pytest.raises(ValueError, match="train it anew"):
        link(talk(*CHINESE), Linker.from_json(json.dumps(written)))


@pytest.mark.slow
@pytest.mark.method("A25")
def test_link_f1_on_documents_never_seen(shared_data: Path) -> None:
    """Two folds by document. Floors: the previous line 0.303, the addressee's last line 0.566."""
    annotated = training.read(
        shared_data / "irc_disentangle_dev_messages.parquet", shared_data / "irc_disentangle_dev_edges.parquet"
    )
    lessons = training.lessons(annotated)
    sample = lessons[0]
    documents = sorted(set(sample.document.tolist()))
    chosen: dict[tuple[str, int], int] = {}
    for fold in (documents[::2], documents[1::2]):
        held_out = np.isin(sample.document, fold)
        taught = training.together([lesson.only(~np.isin(lesson.document, fold)) for lesson in lessons])
        linker = training.train(taught, nets=1)
        chosen |= training.chosen_lines(linker, sample.only(held_out), annotated)
    assert training.link_f1(chosen, annotated.links) > 0.60
    assert training.link_f1(chosen, annotated.links) > training.link_f1({}, annotated.links)
