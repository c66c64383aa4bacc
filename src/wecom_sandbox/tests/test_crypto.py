"""The sheet's vectors, both ways, and what must be turned away."""

from __future__ import annotations

import base64

import pytest

from wecom_sandbox.crypto import Broken, Lock, aes_key, page_signature

A = Lock("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
B = Lock("kjr2TKI8umCBfVF3wAHk8JiPwma5VBme", "4Ma3YBrSBbX2aez8MJpXGBne5LSDwgGqHbhM9WPYIws", "ww6a112864f8022910")
C = Lock("123456", "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR", "wx49f0ab532d5d035a")

TEXT_OF_C = "\n".join(
    (
        "<xml>",
        "<MsgType><![CDATA[text]]></MsgType>",
        "<Content><![CDATA[test]]></Content>",
        "<FromUserName><![CDATA[wx49f0ab532d5d035a]]></FromUserName>",
        "<ToUserName><![CDATA[messense]]></ToUserName>",
        "<AgentID>1</AgentID>",
        "<CreateTime>1411525903</CreateTime>",
        "</xml>",
    )
)
SEALED_C = (
    "9s4gMv99m88kKTh/H8IdkOiMg6bisoy3ypwy9H4hvSPe9nsGaqyw5hhSjdYbcrKk+j3nba4HMOTzHrluLBYqxgNcBqGsL8GqxlhZgURnAtObvesEl5nZ+uBE8bviY0LW"
    "ke8Zy9V/QYKxNV2FqllNXcfmstttyIkMKCCmVbCFM2JTF5wY0nFhHZSjPUL2Q1qvSUCUld+/WIXrx0oyKQmpB6o8NRrrNrsDf03oxI1p9FxUgMnwKKZeOA/uu+2IEvEB"
    "tb7muXsVbwbgX05UPPJvFurDXafG0RQyPR+mf1nDnAtQmmNOuiR5MIkdQ39xn1vWwi1O5oazPoQJz0nTYjxxEE8kv3kFxtAGVRe3ypD3WeK2XeFYFMNMpatF9XiKzHo3"
)


def test_an_echo_check_opens_with_a_key_whose_spare_bits_are_set():
    echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    opened = A.open(
        msg_signature="5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", timestamp="1409659589", nonce="263014780", encrypt=echo
    )
    assert opened == "1616140317555161061"


def test_a_second_echo_check_opens():
    echo = "6KmUQuPVu7UhjyVqRdbo5SfcRqaHvbUlKSHFvBV2ZuR6TIlKsygcfeSd1GDplg1C5KSKr6UPHCaC/nIX3ZNt9w=="
    opened = B.open(
        msg_signature="1ba3cb09c0d2c2b3ed6900d37f91a6efae6cb011", timestamp="1583940690", nonce="VHh7ymSeb0jc4lSb", encrypt=echo
    )
    assert opened == "94966531020182955848408"


def test_a_message_is_locked_and_signed_to_the_letter():
    sealed = C.encrypt(TEXT_OF_C, random_block=b"1234567890123456")
    assert sealed == SEALED_C
    assert C.sign("1411525903", "461056294", sealed) == "407518b7649e86ef23978113f92d27afa9296533"
    assert C.decrypt(sealed) == TEXT_OF_C


def test_a_page_is_signed_without_its_fragment():
    ticket = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"
    for url in ("http://mp.weixin.qq.com?params=value", "http://mp.weixin.qq.com?params=value#here"):
        assert page_signature(ticket, "Wm3WZYTPz0wzccnW", "1414587457", url) == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize("length", range(0, 70))
def test_every_length_comes_back_whole(length: int):
    assert C.decrypt(C.encrypt("群" * length)) == "群" * length


def test_padding_fills_whole_blocks_of_32():
    empty = len("wx49f0ab532d5d035a") + 20
    assert len(base64.b64decode(C.encrypt("x" * (64 - empty)))) == 96


def test_a_wrong_signature_is_told_before_anything_is_opened():
    with pytest.raises(Broken, match="signature"):
        C.open(msg_signature="0" * 40, timestamp="1", nonce="2", encrypt="not base64 at all")


def test_what_was_made_for_another_company_is_turned_away():
    other = Lock(C.token, C.encoding_aes_key, "ww0another0corp000")
    with pytest.raises(Broken, match="another receiver"):
        other.decrypt(C.encrypt("hello"))


def test_another_key_is_told_in_words():
    with pytest.raises(Broken):
        B.decrypt(SEALED_C)
    with pytest.raises(Broken, match="43"):
        aes_key("short")
