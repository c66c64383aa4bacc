"""`huoqun audit FILE...`: what a newcomer sees in the first minute."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from huoqun.health.report import fonts
from huoqun.wiring import file_audit
from huoqun.wiring.audit_words import language_of
from huoqun.wiring.commands.audit_ import command
from huoqun.wiring.file_audit import by_need
from huoqun.wiring.file_words import file_words
from huoqun.wiring.terminal import printable

END = datetime(2026, 3, 31, 12, tzinfo=UTC)
Row = dict[str, object]


def said(group: str, who: str, days_ago: float, **more: object) -> Row:
    at = END - timedelta(days=days_ago)
    names = {"g1": "阳台种菜一群", "g2": "阳台种菜二群", "g3": "快递通知"}
    return {
        "carrier": "wechat",
        "group_id": group,
        "group_name": names[group],
        "message_id": f"{group}-{who}-{days_ago}",
        "sent_at": at.isoformat(),
        "author_id": who,
        "author_name": who,
        "kind": "message",
        "text": "番茄红了",
        **more,
    }


def table(path: Path, *rows: Row, tail: str = "") -> Path:
    """Huoqun's own table, as JSON lines."""
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n" + tail, encoding="utf-8")
    return path


LIVELY = [said("g1", who, day) for day in range(30) for who in ("tao", "mo")]
ASLEEP = [said("g2", "tao", day) for day in range(100, 130)]
NOTICES = [said("g3", "courier", day) for day in range(20)]


@pytest.fixture
def balcony(tmp_path: Path) -> Path:
    return table(tmp_path / "balcony.jsonl", *LIVELY, *ASLEEP, *NOTICES)


@pytest.fixture
def bots(tmp_path: Path) -> Path:
    path = tmp_path / "bots.csv"
    path.write_text("author_id,kind\ncourier,commit_feed\nnobody-knows,staff\n", encoding="utf-8")
    return path


def audit(*arguments: object, **environment: str) -> Result:
    return CliRunner(env={"LC_ALL": "en_US.UTF-8", **environment}).invoke(command, [str(each) for each in arguments])


def told(*arguments: object) -> dict[str, Any]:
    result = audit(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


# The public archives, through the installed command

EXPECTED = {
    "irc_raku": (32, (18.8, 28.1, 59.4), (60.8, 33.4, 5.9), 1350),
    "zulip_dataverse": (17, (35.3, 47.1, 29.4), (64.6, 23.0, 12.5), 838),
}


def installed(*arguments: object, cwd: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    """The command as a newcomer starts it: nothing set, nothing set up."""
    ours = ("HUOQUN_", "DJANGO_SETTINGS_MODULE", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [Path(sys.executable).with_name("huoqun"), "audit", *map(str, arguments)],
        cwd=cwd,
        env=environment | {"TMPDIR": str(scratch), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.slow
@pytest.mark.method("A01", "A02", "A03", "A04", "L02", "L18")
@pytest.mark.parametrize("name", EXPECTED)
def test_public_archives_give_the_known_figures_without_any_set_up(name: str, shared_data: Path, tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    archive, bots = shared_data / f"community_{name}.parquet", shared_data / f"{name}_bots.csv"
    done = installed(archive, "--house", bots, "--json", cwd=home, scratch=scratch)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    groups, alive, posters, life = EXPECTED[name]
    figures = answer["portfolio"]
    assert figures["groups"] == len(answer["groups"]) == groups
    assert tuple(round(100 * figures[key], 1) for key in ("alive_7d", "alive_30d", "silent_90d")) == alive
    assert tuple(round(100 * figures[key], 1) for key in ("top1_share", "next9_share", "rest_share")) == posters
    assert figures["median_life_days"] == life
    assert sum(group["messages"] for group in answer["groups"]) == figures["messages"]
    assert list(home.iterdir()) == []
    assert list(scratch.iterdir()) == []


# Counting


def test_one_object_with_the_portfolio_and_every_group(balcony: Path, bots: Path) -> None:
    answer = told(balcony, "--house", bots)
    assert answer["as_of"] == "2026-03-31"
    wanted = {"groups", "alive_7d", "alive_30d", "silent_90d", "top1_share", "next9_share", "rest_share", "median_life_days"}
    assert wanted <= answer["portfolio"].keys()
    by_id = {group["group_id"]: group for group in answer["groups"]}
    lively, asleep, notices = by_id["g1"], by_id["g2"], by_id["g3"]
    assert {"since", "p_alive", "p_low", "p_high", "life_days", "members", "last_message_at"} <= lively.keys()
    assert (lively["group_name"], lively["carrier"], lively["messages"]) == ("阳台种菜一群", "wechat", 60)
    assert (lively["days_active_7d"], lively["speakers_7d"]) == (7, 2)
    assert (asleep["days_active_7d"], asleep["days_silent"]) == (0, 100)
    assert asleep["state"] in {"dormant", "dead"}
    assert (notices["state"], notices["no_talk_seen"], notices["messages"]) == ("", True, None)


@pytest.mark.method("A01", "A04", "L02")
def test_shares_are_of_groups_in_which_people_speak(balcony: Path, bots: Path) -> None:
    everybody, people = told(balcony)["portfolio"], told(balcony, "--house", bots)["portfolio"]
    assert (everybody["groups"], everybody["alive_7d"]) == (3, pytest.approx(2 / 3))
    assert (people["groups"], people["alive_7d"], people["silent_90d"], people["no_talk_seen"]) == (2, 0.5, 0.5, 1)


def test_who_needs_somebody_comes_first() -> None:
    told = [("", None, None), ("dead", "2026-01-01", 0), ("thriving", "2025-01-01", 9), ("dormant", "2026-03-01", 0),
            ("declining", "2026-02-01", 3), ("dormant", "2026-03-20", 0), ("declining", "2026-02-01", 5)]  # fmt: skip
    groups = [{"state": state, "since": since, "speakers_7d": speakers} for state, since, speakers in told]
    assert [tuple(group.values()) for group in by_need(groups)] == [told[each] for each in (6, 4, 5, 3, 2, 1, 0)]


def test_a_file_given_twice_counts_once(balcony: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_audit, "BATCH", 50)
    longer = table(tmp_path / "longer.jsonl", *LIVELY, *ASLEEP, said("g1", "tao", 0.25))
    assert sum(group["messages"] for group in told(balcony, balcony, longer)["groups"]) == 60 + 30 + 20 + 1


@pytest.mark.method("L02")
def test_whom_the_carrier_calls_a_bot_is_left_out_without_a_list(tmp_path: Path) -> None:
    def message(number: int, bot: bool) -> dict[str, object]:
        author = {"id": str(number % 2), "name": "tao", "isBot": bot}
        return {"id": str(number), "type": "Default", "timestamp": f"2026-03-0{number}T08:00:00+00:00", "content": "红了",
                "author": author, "attachments": [], "embeds": [], "stickers": [], "reactions": [], "mentions": []}  # fmt: skip

    path = tmp_path / "discord.json"
    guild, channel = {"id": "1", "name": "阳台"}, {"id": "2", "type": "GuildTextChat", "name": "番茄"}
    messages = [message(1, True), message(2, False), message(3, True)]
    path.write_text(json.dumps({"guild": guild, "channel": channel, "messages": messages, "messageCount": 3}), encoding="utf-8")
    answer = told(path)
    assert (answer["as_of"], answer["groups"][0]["messages"], answer["portfolio"]["house_people"]) == ("2026-03-02", 1, 1)


@pytest.mark.method("A05")
def test_a_past_day_knows_nothing_of_later_ones(balcony: Path, bots: Path) -> None:
    answer = told(balcony, "--house", bots, "--as-of", "2025-12-10")
    assert answer["as_of"] == "2025-12-10"
    assert answer["portfolio"]["groups"] == 1
    asleep = next(group for group in answer["groups"] if group["group_id"] == "g2")
    assert asleep["days_active_7d"] == 7
    assert asleep["messages"] < 30


def test_days_begin_where_the_zone_says(tmp_path: Path) -> None:
    around_midnight = [said("g1", "tao", 20.0 / 24, sent_at=f"2026-03-{day}T{hour}:30:00+00:00", message_id=f"{day}-{hour}")
                       for day in (29, 30) for hour in (15, 16)]  # fmt: skip
    path = table(tmp_path / "night.jsonl", *around_midnight)
    assert told(path)["groups"][0]["days_active_7d"] == 2
    assert told(path, "--zone", "Asia/Shanghai")["groups"][0]["days_active_7d"] == 3


def test_halves_of_emoji_in_a_name_are_survived(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    chat = {"name": "番茄\ud83c", "type": "private_supergroup", "id": 1900000001}
    message = {"id": 1, "type": "message", "date": "2026-03-01T20:00:00", "date_unixtime": "1772366400", "from": "小陶\ud83c",
               "from_id": "user1", "text": "红了\ud83c", "text_entities": []}  # fmt: skip
    path.write_text(json.dumps({**chat, "messages": [message]}), encoding="ascii")
    assert told(path)["groups"][0]["group_name"].startswith("番茄")
    assert audit(path, "--html", tmp_path / "half.html").exit_code == 0


# Telling


def test_the_table_opens_with_one_sentence_and_the_shares(balcony: Path, bots: Path) -> None:
    result = audit(balcony, "--house", bots)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith(
        "as of 2026-03-31: Of 2 groups, 1 spoke on every one of the last 7 days; 1 said nothing for 30 days."
    )
    assert "method: 4 of 300-odd groups" in result.stdout
    assert "阳台种菜二群" in result.stdout
    assert "no talk seen" in result.stdout
    assert "Accounts on the house list that do not appear in these files: 1." in result.stderr
    assert "Accounts of bots, staff and helpers left out: 1." in result.stderr
    assert "add --zone Asia/Shanghai" in result.stderr


def test_chinese_unless_the_terminal_is_english(balcony: Path) -> None:
    assert "最近 7 天每天都有人说话" in audit(balcony, LC_ALL="zh_CN.UTF-8").stdout
    assert "最近 7 天每天都有人说话" in audit(balcony, "--language", "zh-hans").stdout
    assert language_of({"LANG": "en_GB.UTF-8"}) == "en"
    assert language_of({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN"}) == language_of({"LANG": "C.UTF-8"}) == "zh-hans"
    assert language_of({}) == "zh-hans"


def test_the_report_is_written_instead_of_the_table(balcony: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    result = audit(balcony, "--html", page, "--language", "zh-hans")
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"报告已写到 {page}" in result.stderr
    words = page.read_text(encoding="utf-8")
    assert "阳台种菜二群" in words
    assert "<svg" in words


@pytest.mark.parametrize(("option", "begins"), [("--pdf", b"%PDF-1."), ("--png", b"\x89PNG\r\n\x1a\n")])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_report_on_paper_and_for_a_chat(balcony: Path, tmp_path: Path, option: str, begins: bytes, language: str) -> None:
    if not set(fonts.CHINESE) & set(fonts.families()):
        pytest.skip(f"no Chinese font on this machine: install {fonts.PACKAGE}")
    file = tmp_path / "report"
    result = audit(balcony, option, file, "--language", language)
    assert (result.exit_code, result.stdout) == (0, "")
    assert str(file) in result.stderr
    assert file.read_bytes().startswith(begins)


def test_without_a_chinese_font_the_page_is_there_and_the_rest_says_what_to_install(
    balcony: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "families", lambda: frozenset({"Libertinus Serif"}))
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    result = audit(balcony, "--html", page, "--pdf", paper)
    assert result.exit_code == 1
    assert "Install the Debian package fonts-noto-cjk" in result.stderr
    assert page.is_file()
    assert not paper.exists()


def test_one_group_is_spoken_of_by_name(tmp_path: Path) -> None:
    result = audit(table(tmp_path / "one.jsonl", *LIVELY))
    assert result.stdout.startswith("as of 2026-03-31: 阳台种菜一群: thriving since")


def test_a_group_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = table(tmp_path / "evil.jsonl", said("g1", "ren", 1, group_name="[red]\x1b[2J\u202e群"), *ASLEEP)
    result = audit(path)
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    assert "[red]\ufffd[2J\ufffd群" in result.stdout
    assert printable("群聊 A") == "群聊 A"


# Bad input


def test_records_that_cannot_be_read_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    path = table(tmp_path / "torn.jsonl", *LIVELY, tail='{"group_id": oops}\n' * 7)
    result = audit(path)
    assert result.exit_code == 0
    assert "60 records read, 7 could not be read." in result.stderr
    assert result.stderr.count("torn.jsonl:") == 5
    assert "torn.jsonl:61: This record is not valid JSON." in result.stderr
    assert "... and 2 more." in result.stderr


def test_files_without_one_good_record_say_what_is_wrong_with_them(tmp_path: Path) -> None:
    path = table(tmp_path / "torn.jsonl", {**said("g1", "tao", 1), "sent_at": "gestern"})
    result = audit(path)
    assert result.exit_code == 1
    assert "torn.jsonl:1: sent_at: This record says no time that can be read." in result.stderr
    assert "so there is nothing to audit" in result.stderr


def refused(*arguments: object) -> str:
    result = audit(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.strip().splitlines()[-1]


def test_what_nobody_can_read_is_named(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("只是一封信", encoding="utf-8")
    words = refused(letter)
    assert words.startswith("Error: No known format fits letter.txt. Tried: ")
    assert "Telegram Desktop JSON" in words


def test_a_format_with_local_times_asks_for_the_zone(tmp_path: Path) -> None:
    log = tmp_path / "balcony-2026-03-30.txt"
    log.write_text("[09:00] <tao> 早\n[09:01] <mo> 早\n", encoding="utf-8")
    assert refused(log) == (
        "Error: The times in IRC daily logs are local times. Give their time zone, for example --zone Asia/Shanghai."
    )
    assert told(log, "--zone", "Asia/Shanghai")["groups"][0]["last_message_at"] == "2026-03-30T01:01:00+00:00"


def test_files_are_spoken_of_in_the_language_of_the_report(tmp_path: Path) -> None:
    log = tmp_path / "balcony-2026-03-30.txt"
    log.write_text("[09:00] <tao> 早\n[09:01] <mo> 早\n[09:02] <tao> 浇水了吗\n不是聊天\n", encoding="utf-8")
    assert "IRC 每日日志 里的时间是当地时间。请指定时区" in refused(log, "--language", "zh-hans")
    told = audit(log, "--zone", "Asia/Shanghai", "--language", "zh-hans").stderr
    assert "IRC 每日日志：读了 3 条，1 条读不懂。" in told
    assert "balcony-2026-03-30.txt:4: 这一行" in told
    assert "IRC daily logs: 3 records read" in audit(log, "--zone", "Asia/Shanghai").stderr


def test_without_a_compiled_catalogue_files_are_spoken_of_in_english() -> None:
    assert file_words("zh-hans")("IRC daily logs") == "IRC 每日日志"
    assert file_words("zh-hans", package="huoqun.wiring")("IRC daily logs") == "IRC daily logs"


def test_silence_is_said_plainly(tmp_path: Path, bots: Path) -> None:
    path = table(tmp_path / "notices.jsonl", *NOTICES)
    nobody = "Error: Nobody but house accounts has said anything in these files, so there is nothing to audit."
    assert refused(path, "--house", bots) == nobody
    nobody_yet = (
        "Error: Nobody but house accounts had said anything by 2020-01-01: name a later day with --as-of, or leave it out."
    )
    assert refused(path, "--as-of", "2020-01-01") == nobody_yet


@pytest.mark.parametrize(
    ("list_", "words"),
    [
        (
            "id,kind\ncourier,bot\n",
            "list.csv, line 1: there is no column author_id (found: id, kind). "
            "The first line must name the columns; author_id holds the accounts to leave out.",
        ),
        ("", "list.csv, line 1: there is no column author_id (found: nothing). The first line must name the columns; "
             "author_id holds the accounts to leave out."),
        ("author_id,kind\ncourier,bot\n,bot\n", "list.csv, line 3: author_id is empty. Fill it in, or delete the line."),
    ],
)  # fmt: skip
def test_a_house_list_that_cannot_be_used_names_the_line(balcony: Path, tmp_path: Path, list_: str, words: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(list_, encoding="utf-8")
    assert refused(balcony, "--house", path) == f"Error: {words}"


def test_a_house_list_out_of_a_chinese_spreadsheet_is_read(balcony: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("author_id,author_name,house\r\ncourier,快递小助手,helper\r\n".encode("gb18030"))
    assert told(balcony, "--house", path)["portfolio"]["house_people"] == 1
    path.write_text("author_id\ncourier\n", encoding="utf-8-sig")
    assert told(balcony, "--house", path)["portfolio"]["house_people"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (lambda file: [file.with_name("nothing.json")], "does not exist"),
        (lambda file: [file, "--zone", "Mars/Olympus"], "there is no time zone “Mars/Olympus”; write it like Asia/Shanghai"),
        (lambda file: [file, "--as-of", "gestern"], "'gestern' does not match the format"),
        (lambda file: [file, "--window", "0"], "0 is not in the range 1<=x<=366"),
        (lambda file: [file, "--html", file], "is one of the files to be read; name another one for the report"),
        (lambda file: [file, "--html", file.parent / "no" / "x.html"], "make it first"),
        (lambda file: [], "Missing argument 'FILES...'"),
    ],
)
def test_a_wrong_question_is_refused_before_any_work(
    balcony: Path, arguments: Callable[[Path], list[object]], words: str
) -> None:
    before = balcony.read_bytes()
    result = audit(*arguments(balcony))
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in " ".join(result.stderr.split())
    assert balcony.read_bytes() == before
