"""The client: what it raises, what it tries again, and what nobody ever reads of it."""

from __future__ import annotations

import logging
import re

import httpx
import pytest

from huoqun.carriers.base import CutOff, Unreachable
from huoqun.carriers.wecom.client.answers import Answer, Page
from huoqun.carriers.wecom.client.calls import customers, media
from huoqun.carriers.wecom.client.client import PATIENCE, TRIES, client_for
from huoqun.carriers.wecom.errors import Kind, WeComError
from huoqun.carriers.wecom.models import Door
from huoqun.carriers.wecom.tests.client.far_side import CONTACT_SECRET, SECRET, FarSide, company, refusal
from huoqun.carriers.wecom.tests.sandbox import Sandbox

DEAD = httpx.ConnectError("nobody there")
BROKEN = httpx.ReadError("the line broke")


def test_fields_nobody_has_heard_of_are_passed_over_and_numbers_may_stand_in_quotes() -> None:
    far = FarSide(answers=[{"errcode": "0", "errmsg": "ok", "next_cursor": "c2", "brand_new": {"a": [1]}}])
    assert far.client().ask("x/list", {}, Page).next_cursor == "c2"


def test_what_is_absent_has_its_default() -> None:
    far = FarSide(answers=[{"errcode": 0, "external_contact": {"external_userid": "wm1", "name": "林"}}])
    found = customers.get(far.client(), "wm1")
    assert (found.external_contact.name, found.external_contact.unionid, found.follow_user) == ("林", "", [])


def test_a_number_becomes_an_error_with_its_kind_and_words_for_people() -> None:
    far = FarSide(answers=[refusal(60020, "not allow to access from your ip")])
    with pytest.raises(WeComError) as caught:
        far.client().post("x/do", {})
    error = caught.value
    assert (error.code, error.kind, error.ip) == (60020, Kind.STOP, "203.0.113.9")
    assert "trusted IPs" in error.sentence


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (40001, Kind.TOKEN),
        (40014, Kind.TOKEN),
        (42001, Kind.TOKEN),
        (-1, Kind.BUSY),
        (45009, Kind.BUSY),
        (45033, Kind.BUSY),
        (41063, Kind.BUSY),
        (40013, Kind.STOP),
        (48002, Kind.STOP),
        (48005, Kind.CALLER),
        (660014, Kind.STOP),
        (84061, Kind.CALLER),
        (42050, Kind.CALLER),
        (90501, Kind.CALLER),
        (987654, Kind.UNKNOWN),
    ],
)
def test_every_number_is_of_the_kind_the_table_says(code: int, kind: Kind) -> None:
    error = WeComError(code)
    assert error.kind is kind
    assert error.sentence.endswith(".")


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [
        (DEAD, Unreachable),
        (httpx.ConnectTimeout("too slow"), Unreachable),
        (httpx.Response(503), Unreachable),
        (httpx.Response(404, text="404 page not found"), Unreachable),
        (BROKEN, CutOff),
        (httpx.ReadTimeout("too slow"), CutOff),
        (httpx.RemoteProtocolError("closed"), CutOff),
        (httpx.Response(500), CutOff),
        (httpx.Response(502, text="<html>"), CutOff),
        (httpx.Response(200, text="<html>502 Bad Gateway</html>"), CutOff),
        (httpx.Response(200, json=["no object"]), CutOff),
    ],
)
def test_without_an_answer_it_says_whether_anything_may_be_done(
    trouble: Exception | httpx.Response, raised: type[Exception]
) -> None:
    far = FarSide(answers=[trouble])
    with pytest.raises(raised):
        far.client().post("x/do", {})
    assert far.paths == ["x/do"], "what may have been done is not done again unasked"


@pytest.mark.parametrize("trouble", [BROKEN, DEAD, refusal(-1), httpx.Response(500)])
def test_a_question_is_asked_again(trouble: Exception) -> None:
    far = FarSide(answers=[trouble] * (TRIES - 1))
    assert far.client().ask("x/list", {}, Answer).errmsg == "ok"
    assert far.paths == ["x/list"] * TRIES


def test_a_question_is_not_asked_for_ever() -> None:
    far = FarSide(answers=[BROKEN] * 9)
    with pytest.raises(CutOff):
        far.client().get("x/list")
    assert far.paths == ["x/list"] * TRIES


def test_a_question_that_was_refused_is_not_asked_again() -> None:
    far = FarSide(answers=[refusal(90501)])
    with pytest.raises(WeComError):
        far.client().get("x/list")
    assert far.paths == ["x/list"]


def test_a_code_that_is_good_once_is_shown_once() -> None:
    far = FarSide(answers=[BROKEN])
    with pytest.raises(CutOff):
        far.client().get_once("auth/getuserinfo", Answer, code="c1")
    assert len(far.asked) == 1


def test_after_too_often_nobody_calls_that_path_for_a_minute() -> None:
    far = FarSide(answers=[refusal(45009)])
    client = far.client()
    with pytest.raises(WeComError) as caught:
        client.post("x/do", {})
    assert caught.value.wait == 60
    with pytest.raises(WeComError, match="45009"):
        client.post("x/do", {})
    client.post("x/else", {})
    assert far.paths == ["x/do", "x/else"]
    far.clock.sleep(60)
    client.post("x/do", {})
    assert far.paths[-1] == "x/do"


def test_several_at_once_end_each_in_its_place_with_one_token() -> None:
    far = FarSide(answers=[refusal(84061)])
    ended = far.client().post_many("x/do", [{"n": number} for number in range(40)], Answer)
    assert sum(isinstance(each, WeComError) for each in ended) == 1
    assert sum(isinstance(each, Answer) for each in ended) == 39
    assert sorted(body["n"] for body in far.bodies) == list(range(40))
    assert far.tokens == 1


def test_several_at_once_with_a_revoked_token_are_all_done_once() -> None:
    far = FarSide(answers=[refusal(40014)] * 5)
    ended = far.client().post_many("x/do", [{"n": number} for number in range(5)], Answer)
    assert all(isinstance(each, Answer) for each in ended)
    assert far.tokens == 2


def test_where_no_other_token_can_be_had_what_was_done_is_done() -> None:
    far = FarSide(answers=[refusal(40014)])

    def breaks_the_second_time() -> None:
        if far.tokens > 1:
            raise httpx.ConnectError("nobody there")

    far.on_token = breaks_the_second_time
    ended = far.client().post_many("x/do", [{"n": number} for number in range(3)], Answer, at_once=1)
    assert [type(each) for each in ended] == [Unreachable, Answer, Answer]


def test_each_door_has_its_own_token() -> None:
    far = FarSide()
    client = far.client()
    client.post("x/do", {}, door=Door.APP)
    client.post("x/do", {}, door=Door.CONTACT)
    client.post("x/do", {}, door=Door.APP)
    assert [request.url.params["access_token"].split("-")[1] for request in far.asked] == ["1", "2", "1"]


def test_a_far_side_that_sends_a_byte_now_and_then_is_given_up_in_time() -> None:
    far = FarSide()

    class Dripping(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            for _ in range(10_000):
                far.clock.sleep(1)
                yield b" "

    far.answers = [httpx.Response(200, stream=Dripping())]
    began = far.clock.ticks()
    with pytest.raises(CutOff, match="too long"):
        far.client().post("x/do", {})
    assert far.clock.ticks() - began <= PATIENCE + 1


def test_within_ends_everything_inside() -> None:
    far = FarSide()
    client = far.client()
    with client.within(3):
        client.post("x/do", {})
        far.clock.sleep(4)
        with pytest.raises(Unreachable, match="no time left"):
            client.post("x/do", {})
    client.post("x/do", {})
    assert len(far.asked) == 2


# Secrets

HIDDEN = re.compile(r"nobody-may-see|secret-[A-Za-z0-9]{8}")


def test_no_error_has_a_token_or_a_secret_in_its_words() -> None:
    echo = refusal(40058, f"bad request access_token=token-1-nobody-may-see corpsecret={SECRET} and {CONTACT_SECRET}")
    for answer in (echo, DEAD, BROKEN, httpx.Response(500, text=SECRET), httpx.Response(200, text=CONTACT_SECRET)):
        far = FarSide(answers=[answer])
        with pytest.raises((WeComError, Unreachable, CutOff)) as caught:
            far.client().post("x/do", {})
        said = f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {getattr(caught.value, 'told', '')}"
        assert "nobody-may-see" not in said
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_no_log_has_a_token_or_a_secret_in_it(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    corp = sandbox.corp()
    with caplog.at_level(logging.DEBUG):
        client = client_for(corp)
        client.get("department/list")
        token = client._token(Door.APP, client._deadline())
        with pytest.raises(WeComError):
            client.post("externalcontact/groupchat/get", {"chat_id": "wrNobody"}, door=Door.CONTACT)
    written = "\n".join(record.getMessage() for record in caplog.records)
    assert "gettoken?corpid=" in written, "the library's own log was not listened to"
    assert "access_token=***" in written
    for secret in (corp.app_secret, corp.contact_secret, token):
        assert secret not in written


def test_a_wrong_secret_is_not_tried_again_at_once(sandbox: Sandbox) -> None:
    corp = sandbox.corp(app_secret="wrong")
    for _ in range(3):
        with pytest.raises(WeComError, match="40001"):
            client_for(corp).get("department/list")
    counts = sandbox.company.log.counts if sandbox.company else {}
    assert counts["/cgi-bin/gettoken"] == 1
    corp.app_secret = sandbox.corp().app_secret
    client_for(corp).get("department/list")


# Files


def test_a_picture_goes_up_and_comes_down(sandbox: Sandbox) -> None:
    client = client_for(sandbox.corp())
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    media_id = media.upload(client, name="海报.png", content=content, mime="image/png")
    back = media.get(client, media_id)
    assert back.content == content
    with pytest.raises(WeComError):
        media.get(client, "never-there")


def test_a_company_that_is_not_kept_can_be_tried() -> None:
    far = FarSide()
    client = far.client(company())
    client.post("x/do", {})
    client.post("x/do", {})
    assert far.tokens == 1
