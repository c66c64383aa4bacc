"""The same document on paper and in a chat: whole, literal, or refused with a reason."""

from __future__ import annotations

import struct
from datetime import UTC, date, datetime

import pytest
import typst

from huoqun.health.report import documents, fonts, typeset, writing
from huoqun.health.report.blocks import Document, Section, texts
from huoqun.health.report.check_up import Asked, CheckUp, Days, Member
from huoqun.health.report.html import page
from huoqun.health.report.result import Audit, Group, audit_of, judged_of, outlook_of

from .test_render import FOUR, LANGUAGES, group, read, result

AT = datetime(2026, 7, 1, 8, 30, 15, 123456, tzinfo=UTC)
HOSTILE = (
    '#import "@preview/x:1.0.0"',
    '#read("/etc/passwd")',
    "*_$ `` \\ #[x] </script>",
    "]<name> @ref // /* ~ -- ...",
    "$ x^2 $ = heading",
    "- list + item / term: x",
)
needs_font = pytest.mark.skipif(
    not set(fonts.CHINESE) & set(fonts.families()), reason=f"no Chinese font on this machine: install {fonts.PACKAGE}"
)


def hostile() -> Audit:
    return audit_of(result(*(group(name, "declining") for name in HOSTILE)) | {"community": HOSTILE[0]})


def hostile_check_up() -> CheckUp:
    (one,) = audit_of(result(group(HOSTILE[1], "declining"))).groups
    return CheckUp(
        community=HOSTILE[0],
        as_of=date(2026, 6, 30),
        window=7,
        zone="Asia/Shanghai",
        group=one,
        days=Days((3, 0, 5), (1, 0, 0)),
        about={"purpose": HOSTILE[2], "operator": HOSTILE[3]},
        questions=(Asked(AT, HOSTILE[4], HOSTILE[5]),),
    )


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@needs_font
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_names_come_out_as_they_are_on_paper(language: str) -> None:
    names = typeset.query(documents.portfolio(hostile(), language), "name")
    assert set(names) == set(HOSTILE)


@needs_font
@pytest.mark.parametrize("language", LANGUAGES)
def test_hostile_words_in_a_check_up_come_out_as_they_are(language: str) -> None:
    document = documents.check_up(hostile_check_up(), language)
    assert typeset.query(document, "said") == []
    told = hostile_check_up()
    asked = Group(**{name: getattr(told.group, name) for name in Group.__slots__} | {"figures": {"questions_30d": 1}})
    document = documents.check_up(
        CheckUp(**{name: getattr(told, name) for name in CheckUp.__slots__} | {"group": asked}), language
    )
    assert typeset.query(document, "said") == [HOSTILE[5]]
    assert typeset.pdf(document, made_at=AT).startswith(b"%PDF")
    text = read(page(document))
    assert all(" ".join(name.split()) in text for name in (HOSTILE[2], HOSTILE[4], HOSTILE[5]))
    assert "<script" not in page(document)


@needs_font
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_has_pages_and_the_picture_is_as_wide_as_a_phone_shows_it(language: str) -> None:
    many = audit_of(result(*(group(f"群{n}", "steady") for n in range(60)), group("弱", "declining")))
    document = documents.portfolio(many, language)
    assert typeset.pdf(document, made_at=AT).startswith(b"%PDF-1.")
    assert len(typeset.pages(document)) >= 3
    width, height = size(typeset.png(documents.picture(many, language)))
    assert width == 1080
    assert height > 600
    assert size(typeset.png(documents.picture(audit_of(FOUR), language)))[0] == 1080


@needs_font
def test_the_same_document_gives_the_same_bytes() -> None:
    document = documents.portfolio(audit_of(FOUR), "zh-hans")
    assert typeset.pdf(document, made_at=AT) == typeset.pdf(document, made_at=AT)


def test_the_sheet_reads_no_files_and_fetches_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("root")
    for source in (b'#read("/etc/hostname")', b'#import "@preview/cetz:0.3.0": canvas'):
        compiler = typst.Compiler(
            input=source, root=empty, package_path=empty, package_cache_path=empty, font_paths=fonts.installed()
        )
        with pytest.raises(RuntimeError):
            compiler.compile(format="pdf")


def test_without_a_chinese_font_a_chinese_text_is_refused_and_the_page_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"DejaVu Sans", "Libertinus Serif"}))
    chinese, english = (documents.portfolio(audit_of(FOUR), language) for language in LANGUAGES)
    for document in (chinese, english):  # English words, Chinese names: boxes too
        with pytest.raises(fonts.NoChineseFont):
            typeset.pdf(document, made_at=AT)
    folder = tmp_path_factory.mktemp("made") / "report"
    made = writing.write(folder, chinese, chinese, made_at=AT)
    assert made == writing.Made(("html",), writing.NO_CHINESE_FONT)
    assert [path.name for path in folder.iterdir()] == ["report.html"]


def test_without_a_chinese_font_an_english_report_of_english_names_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"Libertinus Serif"}))
    document = documents.portfolio(audit_of(result(group("Readers", "steady"), group("Cooks", "declining"))), "en")
    assert typeset.pdf(document, made_at=AT).startswith(b"%PDF")
    told = typeset.plain(document, ["Libertinus Serif"], tall=False)
    assert told["footer"] == "Made by Huoqun"


def test_counts_stay_with_what_they_count() -> None:
    document = Document("zh-hans", "", "", "5 个群，3 天", (Section("", "有 12 个"),))
    told = typeset.plain(document, [], tall=True)
    assert (told["headline"], told["sections"][0]["lead"]) == ("5\u00a0个群，3\u00a0天", "有 12\u00a0个")


@pytest.mark.method("A16", "A17")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_judged_group_comes_with_cause_next_action_and_proven_forecast(language: str) -> None:
    row = group("妈妈群", "declining") | JUDGED
    told = result(row, group("读书会", "thriving")) | {"track": TRACK}
    text = read(page(documents.portfolio(audit_of(told), language)))
    for words in {
        "zh-hans": ("总是那几个老面孔", "唤醒", "64 %", "在你自己的历史上检验"),
        "en": ("the same faces", "Revive", "64 %", "your own past"),
    }[language]:
        assert words in text
    unproven = read(
        page(documents.portfolio(audit_of(told | {"track": {"track": None, "why_none": "past_too_short"}}), language))
    )
    assert "64 %" not in unproven


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_check_up_never_shows_a_forecast_without_its_record(language: str) -> None:
    row = group("妈妈群", "declining") | JUDGED
    told = hostile_check_up()
    fields = {name: getattr(told, name) for name in CheckUp.__slots__}
    one = Group("妈妈群", None, None, row, (), (), judged_of(row), outlook_of(row))
    proven, unproven = (
        read(page(documents.check_up(CheckUp(**fields | {"group": one, "track": track}), language)))
        for track in (TRACK, {"track": None, "why_none": "past_too_short"})
    )
    assert "64 %" in proven
    assert "64 %" not in unproven
    assert {"zh-hans": "历史不到 60 天", "en": "fewer than 60 days"}[language] in unproven


def test_the_picture_of_a_check_up_names_nobody() -> None:
    told = hostile_check_up()
    fields = {name: getattr(told, name) for name in CheckUp.__slots__}
    said = {"causes": [{**JUDGED["causes"][0], "messages": [{"at": 1782800000000, "who": "小陶", "text": "有人吗"}]}]}
    row = group("妈妈群", "declining") | JUDGED | said
    one = Group("妈妈群", None, None, row | {"speakers_90d": 3, "half_holders": 1}, (), (), judged_of(row))
    people = (Member("小陶", "active", "", 4, 2, 0.5),)
    whole = CheckUp(**fields | {"group": one, "people": people})
    assert "小陶" in " ".join(texts(documents.check_up(whole, "zh-hans")))
    assert "有人吗" in " ".join(texts(documents.check_up(whole, "zh-hans")))
    picture = " ".join(texts(documents.check_up_picture(whole, "zh-hans")))
    assert "小陶" not in picture
    assert "有人吗" not in picture
    assert "总是那几个老面孔" in picture


JUDGED = {
    "causes": [{"code": "same_old_faces", "strength": 0.8, "figures": {"new_faces_share": 0.04, "top5_share_now": 0.91}}],
    "action": "revive",
    "advice": {"figures": {}, "effort": 2.5, "first_step": "", "watch": ["speakers_30d"], "watch_days": 14, "with_group": None},
    "p_silent": 0.64,
    "p_silent_low": 0.5,
    "p_silent_high": 0.77,
    "outlook": {"reasons": [["few_voices", 0.4, {"voices": 1.5}]], "lead_days": 21},
}
TRACK = {
    "track": {
        "groups": 40, "forecasts": 300, "silences": 60, "windows": 8, "first_day": 20000, "last_day": 20300, "auc": 0.88,
        "auc_low": 0.84, "auc_high": 0.92, "calibration_error": 0.03, "bins": [], "brier": 0.1, "brier_base": 0.16, "ended": 30,
        "warned": 21, "lead_days": 18,
    },
    "why_none": "",
    "model": "shipped",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lively_group_with_open_questions_is_not_told_to_be_left_alone(language: str) -> None:
    row = group("茶友会", "thriving", unanswered=30, first_words=20, first_words_answered=2) | {
        "action": "leave_alone",
        "advice": {},
    }
    text = read(page(documents.weekly(audit_of(result(row, group("读书会", "steady"))), language)))
    assert {"zh-hans": "30 个问题没人回答", "en": "Questions without an answer: 30"}[language] in text
    assert {"zh-hans": "不用动它", "en": "Leave alone"}[language] not in text
