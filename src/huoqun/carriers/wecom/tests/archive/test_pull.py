"""Page after page: opened, read, kept; what is locked waits for its key and loses nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from huoqun.carriers.base import Barred, Unreachable, Unreadable
from huoqun.carriers.wecom.archive import codes, operations, pull, queries
from huoqun.carriers.wecom.archive.keys import Pair
from huoqun.carriers.wecom.archive.pull import Cursor, Pull
from huoqun.carriers.wecom.models import (
    Archive,
    ArchiveConsent,
    ArchiveCoverage,
    ArchiveFile,
    ArchiveGap,
    ArchiveHeld,
    ArchiveKey,
    ArchiveRaw,
    Corp,
)
from huoqun.carriers.wecom.tests.archive.far_side import (
    ACCOUNT,
    FIRST,
    NOW,
    ROOM,
    SAID_AT,
    SECOND,
    THIRD,
    Clock,
    FarSide,
    said,
)
from huoqun.vocabulary.events import MessagePosted

pytestmark = pytest.mark.django_db


@pytest.fixture
def corp() -> Corp:
    return Corp.objects.create(community="balcony", corpid="wwcorp", archive_secret="a1", made_at=NOW)


@pytest.fixture
def far() -> FarSide:
    return FarSide()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ear(corp: Corp, far: FarSide, clock: Clock) -> Pull:
    return Pull(ACCOUNT, libraries=far.library, now=clock)


def give_key(corp: Corp, pair: Pair = FIRST, version: int | None = 1) -> ArchiveKey:
    key = operations.keep_key(corp, pair, version=version, by=None, now=NOW)
    assert key is not None
    return key


def texts(received: object) -> list[str | None]:
    return [each.text for each in received.records if isinstance(each, MessagePosted)]  # type: ignore[attr-defined]


def archive(corp: Corp) -> Archive:
    return Archive.objects.get(corp=corp)


def test_records_become_events_and_the_cursor_is_the_last_number(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1), said(2))
    far.keep(said(3), skip=100)
    received = ear.receive("")
    assert texts(received) == ["第1句", "第2句", "第3句"]
    assert (received.cursor, received.more) == ("103", False)
    assert texts(ear.receive("103")) == []
    assert far.asked == [("records", 0), ("records", 103)]


def test_a_full_page_says_that_there_is_more_and_how_far_behind(
    corp: Corp, far: FarSide, ear: Pull, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull, "PAGE", 2)
    give_key(corp)
    far.keep(*(said(number) for number in range(1, 6)))
    cursor, caught_up = "", []
    while not caught_up or not caught_up[-1]:
        received = ear.receive(cursor)
        cursor = received.cursor
        caught_up.append(not received.more)
        clock.advance(timedelta(seconds=1))
        row = archive(corp)
        assert row.newest_at == SAID_AT + timedelta(seconds=int(cursor))
        assert (row.behind_since is None) == caught_up[-1]
    assert caught_up == [False, False, True]
    assert (archive(corp).records, archive(corp).seq) == (5, 5)


def test_the_same_page_again_gives_the_same_events_and_counts_nothing_twice(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1), said(2, "image", {"sdkfileid": "f1", "filesize": 3}), said(3, "dance", {}), said(4, roomid=""))
    first, again = ear.receive(""), ear.receive("")
    assert first == again
    counted = archive(corp)
    assert (counted.records, counted.private, counted.seq) == (4, 1, 4)
    assert (ArchiveFile.objects.count(), ArchiveRaw.objects.count()) == (1, 1)


def test_what_is_locked_with_an_unknown_version_waits_and_the_rest_goes_on(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1))
    far.keep(said(2), version=2, pair=SECOND)
    far.keep(said(3))
    received = ear.receive("")
    assert texts(received) == ["第1句", "第3句"]
    assert queries.held_by_version(corp) == [(2, "no_key", 1)]
    assert texts(ear.receive(received.cursor)) == []


def test_when_the_key_is_supplied_what_waited_is_told_and_only_then_forgotten(corp: Corp, far: FarSide, ear: Pull) -> None:
    far.keep(said(1), said(2), version=2, pair=SECOND)
    cursor = ear.receive("").cursor
    give_key(corp, SECOND, version=2)
    unlocked = ear.receive(cursor)
    assert texts(unlocked) == ["第1句", "第2句"]
    assert unlocked.more
    assert ArchiveHeld.objects.count() == 2
    # The worker died before it had kept them: they come again.
    assert texts(ear.receive(cursor)) == ["第1句", "第2句"]
    after = ear.receive(ear.receive(cursor).cursor)
    assert (texts(after), after.cursor) == ([], "2")
    assert not ArchiveHeld.objects.exists()


def test_a_key_without_a_version_gets_the_one_whose_records_it_opens(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp, FIRST, None)
    mine = give_key(corp, SECOND, None)
    far.keep(said(1), said(2), version=7, pair=SECOND)
    assert texts(ear.receive("")) == ["第1句", "第2句"]
    mine.refresh_from_db()
    assert mine.version == 7
    assert ArchiveKey.objects.get(public=FIRST.public).version is None


def test_a_wrong_key_is_said_to_be_wrong_and_the_right_one_opens_what_it_could_not(corp: Corp, far: FarSide, ear: Pull) -> None:
    wrong = give_key(corp, FIRST, 2)
    far.keep(said(1), version=2, pair=SECOND)
    cursor = ear.receive("").cursor
    assert queries.held_by_version(corp) == [(2, "wrong_key", 1)]
    wrong.delete()
    give_key(corp, SECOND, 2)
    assert texts(ear.receive(cursor)) == ["第1句"]


def test_an_older_record_needs_the_older_key_for_ever(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp, FIRST, 1)
    give_key(corp, SECOND, 2)
    far.keep(said(1), said(2), version=2, pair=SECOND)
    far.keep(said(3), version=1, pair=FIRST)
    assert texts(ear.receive("")) == ["第1句", "第2句", "第3句"]


def test_locked_records_are_not_tried_again_while_there_is_no_other_key(corp: Corp, far: FarSide, ear: Pull) -> None:
    far.keep(*(said(number) for number in range(1, 4)), version=9, pair=THIRD)
    cursor = ear.receive("").cursor
    give_key(corp, FIRST, 1)
    tried = ear.receive(cursor)
    assert (tried.records, tried.more) == ((), True)
    assert not ear.receive(tried.cursor).more
    assert not queries.openable(corp, queries.keys_mark(corp))


def test_what_waits_many_at_a_time_is_told_in_its_order(
    corp: Corp, far: FarSide, ear: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    far.keep(*(said(number) for number in range(1, 6)), version=2, pair=SECOND)
    received = ear.receive("")
    give_key(corp, SECOND, 2)
    told: list[str | None] = []
    while True:
        received = ear.receive(received.cursor)
        told += texts(received)
        if not received.more:
            break
    assert told == [f"第{number}句" for number in range(1, 6)]
    assert not ArchiveHeld.objects.exists()


def test_an_answer_names_the_message_it_quotes(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    answer = said(2, body={"content": "「小陶:第1句」\n- - - - - - - - - - - - - - -\n八点"}, **{"from": "lin"})
    far.keep(said(1), answer)
    first, second = ear.receive("").records
    assert isinstance(first, MessagePosted)
    assert isinstance(second, MessagePosted)
    assert (second.text, second.reply_to, second.reply_to_author) == ("八点", first.message_id, "wmTao")


def test_an_answer_to_something_long_ago_keeps_its_words(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1, body={"content": "「小陶:很久以前」\n- - - - - - - - -\n八点"}))
    (event,) = ear.receive("").records
    assert isinstance(event, MessagePosted)
    assert (event.text, event.reply_to) == ("八点", None)


def test_what_cannot_be_read_is_told_as_such_and_stops_nothing(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep({"msgid": "x", "action": "send"}, said(2))
    bad, good = ear.receive("").records
    assert isinstance(bad, Unreadable)
    assert isinstance(good, MessagePosted)


def test_unknown_kinds_are_kept_as_they_were(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1, "chain_list", {"title": "接龙"}))
    ear.receive("")
    row = ArchiveRaw.objects.get()
    assert (row.msgtype, row.group_id, row.field) == ("chain_list", ROOM, "")
    assert json.loads(row.raw)["chain_list"] == {"title": "接龙"}


def test_answers_to_being_archived_are_kept_the_latest_standing(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1, "agree", {"userid": "wmTao"}, roomid=""), said(2, "disagree", {"userid": "wmTao"}, roomid=""))
    assert ear.receive("").records == ()
    consent = ArchiveConsent.objects.get()
    assert (consent.person_id, consent.answer, consent.at) == ("wmTao", "Disagree", SAID_AT + timedelta(seconds=2))


def test_groups_that_speak_are_noted_for_coverage(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1), said(2), said(3, roomid="wrOther"))
    ear.receive("")
    spoken = dict(ArchiveCoverage.objects.values_list("group_id", "last_at"))
    assert spoken == {ROOM: SAID_AT + timedelta(seconds=2), "wrOther": SAID_AT + timedelta(seconds=3)}


@pytest.mark.parametrize(("limit", "states"), [(20, ["waiting", "too_large"]), (0, [])])
def test_files_wait_to_be_fetched_unless_they_are_too_large(
    corp: Corp, far: FarSide, ear: Pull, limit: int, states: list[str]
) -> None:
    give_key(corp)
    operations.set_up(corp, proxy="", proxy_password="", file_limit_mb=limit)
    far.keep(
        said(1, "image", {"sdkfileid": "f1", "filesize": 10}),
        said(2, "video", {"sdkfileid": "f2", "filesize": 30 << 20}),
    )
    ear.receive("")
    assert list(ArchiveFile.objects.order_by("pk").values_list("state", flat=True)) == states


@pytest.mark.parametrize("code", [codes.NETWORK, codes.PARSING, codes.SYSTEM])
def test_what_may_pass_is_asked_again(corp: Corp, far: FarSide, ear: Pull, code: int) -> None:
    far.refusals = [code]
    with pytest.raises(Unreachable):
        ear.receive("")
    assert not ear.receive("").more


def test_a_library_that_stumbles_over_a_record_is_asked_again(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1))
    far.opening_refusals = [codes.SYSTEM]
    with pytest.raises(Unreachable):
        ear.receive("")
    assert not ArchiveHeld.objects.exists()
    assert texts(ear.receive("")) == ["第1句"]


def test_a_record_the_library_cannot_open_is_kept_and_the_rest_goes_on(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(said(1), said(2))
    far.opening_refusals = [codes.PARSING]
    assert texts(ear.receive("")) == ["第2句"]
    assert (ArchiveHeld.objects.get().why, ArchiveHeld.objects.get().code) == ("damaged", codes.PARSING)


@pytest.mark.parametrize("code", [codes.KEY, codes.ADDRESS, codes.CERTIFICATE, codes.PARAMETER, 12345])
def test_what_somebody_must_mend_is_said(corp: Corp, far: FarSide, ear: Pull, code: int) -> None:
    far.refusals = [code]
    with pytest.raises(Barred) as barred:
        ear.receive("")
    assert str(barred.value) == codes.SENTENCES.get(code, codes.UNKNOWN)


def test_a_refused_address_is_not_taken_for_an_empty_archive(corp: Corp, far: FarSide, ear: Pull) -> None:
    far.errcode = 301042
    with pytest.raises(Barred, match="trusted addresses"):
        ear.receive("")
    assert archive(corp).asked_at is None


def test_another_secret_is_used_at_once(corp: Corp, far: FarSide, ear: Pull) -> None:
    Corp.objects.update(archive_secret="")
    Corp.objects.filter(pk=corp.pk).update(archive_secret="wrong")
    with pytest.raises(Barred, match="archive secret"):
        ear.receive("")
    Corp.objects.filter(pk=corp.pk).update(archive_secret="a2")
    assert ear.receive("").records == ()


def test_without_a_secret_a_library_or_a_company_it_says_what_is_missing(corp: Corp, far: FarSide, clock: Clock) -> None:
    Corp.objects.filter(pk=corp.pk).update(archive_secret="")
    with pytest.raises(Barred, match="secret is missing"):
        Pull(ACCOUNT, libraries=far.library, now=clock).receive("")
    Corp.objects.filter(pk=corp.pk).update(archive_secret="a1")
    with pytest.raises(Barred, match="not installed"):
        Pull(ACCOUNT, now=clock).receive("")
    corp.delete()
    with pytest.raises(Barred, match="no longer connected"):
        Pull(ACCOUNT, libraries=far.library, now=clock).receive("")


def test_an_answer_in_no_known_shape_moves_nothing(
    corp: Corp, far: FarSide, ear: Pull, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huoqun.carriers.wecom.tests.archive.far_side.DoubleLibrary.records", lambda *_given: b"<html>")
    with pytest.raises(Barred):
        ear.receive("5")
    assert archive(corp).asked_at is None


def test_longer_silence_than_records_are_kept_is_written_down(corp: Corp, far: FarSide, ear: Pull, clock: Clock) -> None:
    give_key(corp)
    ear.receive("")
    clock.advance(timedelta(days=7))
    ear.receive("")
    gap = ArchiveGap.objects.get()
    assert (gap.begins_at, gap.ends_at) == (NOW, NOW + timedelta(days=2))
    clock.advance(timedelta(days=4))
    ear.receive("")
    assert ArchiveGap.objects.count() == 1


def test_every_community_of_a_company_has_its_own_cursor_and_keys(corp: Corp, far: FarSide, clock: Clock) -> None:
    """Yu's community is connected to the same company: Lin's keys are not theirs."""
    Corp.objects.create(community="elsewhere", corpid="wwcorp", archive_secret="a1", made_at=NOW)
    give_key(corp)
    far.keep(said(1))
    theirs = Pull(Corp.objects.get(community="elsewhere").archive_account, libraries=far.library, now=clock)
    assert theirs.receive("").records == ()
    assert queries.held_by_version(corp) == []
    assert texts(Pull(ACCOUNT, libraries=far.library, now=clock).receive("")) == ["第1句"]


@pytest.mark.parametrize(("text", "cursor"), [("", Cursor(0)), ("196", Cursor(196)), ("196+57", Cursor(196, 57))])
def test_cursors(text: str, cursor: Cursor) -> None:
    assert Cursor.of(text) == cursor
    assert Cursor.of(str(cursor)) == cursor


def test_an_erased_person_leaves_nothing_in_the_archives_rows(corp: Corp, far: FarSide, ear: Pull) -> None:
    give_key(corp)
    far.keep(
        said(1, "image", {"sdkfileid": "f1", "filesize": 10}),
        said(2, "dance", {}),
        said(3, "agree", {"userid": "wmTao"}, roomid=""),
        said(4, "image", {"sdkfileid": "f2", "filesize": 10}, **{"from": "mo"}),
    )
    ear.receive("")
    ArchiveFile.objects.update(stored="7.file")
    assert operations.forget_people("elsewhere", ["wmTao"]) == []
    assert operations.forget_people("balcony", ["wmTao"]) == [f"{corp.pk}/7.file"]
    assert not ArchiveRaw.objects.exists()
    assert not ArchiveConsent.objects.exists()
    assert list(ArchiveFile.objects.values_list("author_id", flat=True)) == ["mo"]
    # What they say from now on is handed on, for whoever leaves it out, and leaves nothing behind here.
    far.keep(said(5, "image", {"sdkfileid": "f3", "filesize": 10}), said(6, "dance", {}), said(7, "agree", {"userid": "wmTao"}))
    assert len(ear.receive("4").records) == 2
    assert not ArchiveRaw.objects.exists()
    assert not ArchiveConsent.objects.exists()
    assert list(ArchiveFile.objects.values_list("author_id", flat=True)) == ["mo"]


def test_the_moment_of_reading_is_kept(corp: Corp, far: FarSide, ear: Pull, clock: Clock) -> None:
    ear.receive("")
    clock.advance(timedelta(seconds=5))
    ear.receive("0")
    asked: datetime | None = archive(corp).asked_at
    assert asked == NOW + timedelta(seconds=5)
