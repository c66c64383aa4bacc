"""Every format of this half against the whole list: it is taken for what it is, and read from a path like a real file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from huoqun.carriers.exports import errors, reading
from huoqun.carriers.exports.formats import FORMATS

from . import test_discord, test_qq_exporter, test_qq_mht, test_qq_text, test_wechat, test_wechat_chatlog_json
from .memory import SETTING, MemoryEntry, entry, events

PERSON, ROOM, TIME = "wxid_lin77", "12345@chatroom", test_wechat.LOCAL
ROW = test_wechat.quoted

SAMPLES: dict[str, Callable[[], MemoryEntry]] = {
    "qq-text": lambda: test_qq_text.history("2024-05-06 9:07:08 小林(10000123)\n早\n"),
    "qq-mht": lambda: test_qq_mht.mht(
        test_qq_mht.top(), test_qq_mht.day(), test_qq_mht.message("小林(10000123)", "9:07:08", "早")
    ),
    "qq-chat-exporter": lambda: test_qq_exporter.export(test_qq_exporter.message()),
    "wechat-memotrace": lambda: test_wechat.full(test_wechat.in_full("小林", "早")),
    "wechat-memotrace-chat": lambda: test_wechat.per_chat(("1", "文本", "小林", TIME, "早", "", "", "")),
    "wechat-pywxdump": lambda: entry(test_wechat.PYWXDUMP + ROW("1", "1", "文本", "0", PERSON, ROOM, "早", "", TIME)),
    "wechat-chatlog": lambda: entry(test_wechat.CHATLOG + ROW(TIME, "小林", PERSON, "群", ROOM, "早")),
    "wechat-chatlog-json": lambda: entry(json.dumps([test_wechat_chatlog_json.message()])),
    "discord": lambda: test_discord.export(test_discord.message()),
    "discord-csv": lambda: entry(test_discord.CSV + "1,lin,2024-05-06T09:07:08+08:00,早,,\n"),
}


@pytest.mark.method("I01")
@pytest.mark.parametrize("name", SAMPLES)
def test_exactly_one_format_takes_it(name: str) -> None:
    assert [form.NAME for form in FORMATS if form.recognise([SAMPLES[name]()])] == [name]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("packed", [False, True])
def test_it_is_read_from_a_file_and_from_a_zip(name: str, packed: bool, tmp_path: Path) -> None:
    sample = SAMPLES[name]()
    path = tmp_path / ("export.zip" if packed else sample.path.name)
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(str(sample.path), sample.content)
    else:
        path.write_bytes(sample.content)
    recognised = reading.recognise([path])
    assert recognised.names == [name]
    records = list(reading.read(recognised, SETTING))
    assert len(events(records)) == len(records) == 1
    assert recognised.progress.done == recognised.progress.total


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.NAME)
def test_every_format_says_what_it_is(form) -> None:
    assert form.NAME.islower()
    assert form.TITLE
    assert form.LOOKS_FOR
    assert isinstance(form.NEEDS_ZONE, bool)


def test_local_times_without_a_zone_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "history.txt"
    path.write_bytes(SAMPLES["qq-text"]().content)
    recognised = reading.recognise([path])
    assert recognised.needs_zone
    with pytest.raises(errors.ZoneNeeded):
        list(reading.read(recognised, replace(SETTING, zone=None)))
