"""Signing and locking, by published vectors of other people's making."""

from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huoqun.carriers.wecom.callbacks import crypto, envelope
from huoqun.carriers.wecom.callbacks.crypto import BadKey, Keys, Rejected
from huoqun.carriers.wecom.rules import page_signature

A = Keys("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
A_ASKED = {
    "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
B = Keys("kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", "ww6a112864f8022910")
B_ASKED = {
    "msg_signature": "1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011",
    "timestamp": "1583940690",
    "nonce": "VHh7ymSeb0jc4lSb",
    "echostr": "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w==",
}
C = Keys("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a")
C_SAID = "\n".join(
    [
        "<xml>",
        "<MsgType><![CDATA[text]]></MsgType>",
        "<Content><![CDATA[test]]></Content>",
        "<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>",
        "<ToUserName><![CDATA[messense]]></ToUserName>",
        "<AgentID>1</AgentID>",
        "<CreateTime>1411525903</CreateTime>",
        "</xml>",
    ]
).encode()
C_LOCKED = (
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bv"
    "iY0LWke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeO"
    "A/uu+2IEvEBtb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeF"
    "YFMNMpatF9XiKzHo3"
)
C_SIGNED = "407518b7649e86ef23978113f92d27afa9296533"


@pytest.mark.parametrize(
    ("keys", "asked", "words"),
    [(A, A_ASKED, b"1616140317555161061"), (B, B_ASKED, b"94966531020182955848408")],
    ids=["A", "B"],
)
def test_an_echo_is_answered_with_the_bare_words(keys: Keys, asked: dict[str, str], words: bytes) -> None:
    assert envelope.echo(keys, asked) == words


def test_a_message_is_locked_and_signed_as_everybody_does_it() -> None:
    assert crypto.lock(C.key, C_SAID, C.receiver, random=b"1234567890123456") == C_LOCKED
    assert crypto.signature(C.token, "1411525903", "461056294", C_LOCKED) == C_SIGNED


def test_a_pages_signature() -> None:
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    url = "http://mp.weixin.qq.com?params=value"
    signed = page_signature(ticket, nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457, url=f"{url}#part")
    assert signed == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


QUERY = {"timestamp": "1411525903", "nonce": "461056294", "msg_signature": C_SIGNED}
XML = f"<xml><ToUserName><![CDATA[{C.receiver}]]></ToUserName><AgentID/><Encrypt><![CDATA[{C_LOCKED}]]></Encrypt></xml>"
JSON = f'{{"tousername": "{C.receiver}", "agentid": 1, "encrypt": "{C_LOCKED}"}}'


@pytest.mark.parametrize("body", [XML, JSON, "\ufeff" + XML], ids=["xml", "json", "with a mark in front"])
def test_a_push_is_opened(body: str) -> None:
    assert envelope.letter(C, QUERY, body.encode()) == C_SAID


def test_our_reply_can_be_opened_by_them() -> None:
    said = envelope.reply(C, "好".encode(), timestamp="1760000000", nonce="n1", random=bytes(16))
    assert b"<TimeStamp>1760000000</TimeStamp>" in said
    inside = envelope.payload.read(said)
    query = {"timestamp": inside.text("Timestamp"), "nonce": inside.text("Nonce"), "msg_signature": inside.text("MsgSignature")}
    assert envelope.letter(C, query, said) == "好".encode()


@pytest.mark.parametrize(
    ("keys", "asked", "why"),
    [
        (A, A_ASKED | {"msg_signature": "0" * 40}, "token"),
        (A, A_ASKED | {"msg_signature": ""}, "token"),
        (A, A_ASKED | {"nonce": "1"}, "token"),
        (Keys("another", A.key, A.receiver), A_ASKED, "token"),
        (Keys(A.token, A.key, "wwsomebodyelse"), A_ASKED, "another company"),
        (Keys(A.token, B.key, A.receiver), A_ASKED, "EncodingAESKey"),
        (A, {}, "nothing"),
    ],
    ids=["signature", "no signature", "nonce", "token", "company", "key", "nothing"],
)
def test_what_does_not_fit_is_rejected_and_says_which_setting_to_look_at(keys: Keys, asked: dict[str, str], why: str) -> None:
    with pytest.raises(Rejected, match=why) as rejected:
        envelope.echo(keys, asked)
    assert keys.token not in str(rejected.value)
    assert keys.key not in str(rejected.value)


def test_the_signature_is_looked_at_before_anything_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(crypto, "unlock", lambda key, locked: opened.append(locked))
    with pytest.raises(Rejected):
        envelope.echo(A, A_ASKED | {"msg_signature": "f" * 40})
    assert not opened


@pytest.mark.parametrize("locked", ["%%%", "AAAA", base64.b64encode(bytes(32)).decode(), "P9nA zCzy"])
def test_rubbish_with_a_right_signature_is_rejected_all_the_same(locked: str) -> None:
    asked = {"timestamp": "1", "nonce": "2", "echostr": locked}
    with pytest.raises(Rejected):
        envelope.echo(A, asked | {"msg_signature": crypto.signature(A.token, "1", "2", locked)})


@pytest.mark.parametrize("key", ["", "short", A.key + "=", A.key[:-1] + "-", "é" * 43])
def test_a_key_of_another_shape_is_said_to_be_one(key: str) -> None:
    with pytest.raises(BadKey, match="43"):
        Keys("t", key, "ww1")


def test_keys_are_not_shown() -> None:
    assert A.token not in repr(A)
    assert A.key not in repr(A)


@given(message=st.binary(max_size=200), random=st.binary(min_size=16, max_size=16), receiver=st.text(max_size=20))
def test_whatever_is_locked_comes_out_as_it_was(message: bytes, random: bytes, receiver: str) -> None:
    locked = crypto.lock(A.key, message, receiver, random=random)
    assert crypto.unlock(A.key, locked) == (message, receiver.encode())
    assert len(base64.b64decode(locked)) % crypto.BLOCK == 0


@given(place=st.integers(0, 63), bit=st.integers(0, 7))
def test_a_flipped_bit_is_never_an_error_nobody_expects(place: int, bit: int) -> None:
    sealed = bytearray(base64.b64decode(A_ASKED["echostr"]))
    sealed[place] ^= 1 << bit
    with contextlib.suppress(Rejected):
        crypto.unlock(A.key, base64.b64encode(bytes(sealed)).decode())
