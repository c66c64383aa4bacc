"""Pairs of keys, and which of them opens what."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_public_key

from huoqun.carriers.wecom.archive.keys import NO_KEY, NOT_RSA, BadKey, KeptKey, Pair, Ring, mark_of, new_pair, read_private
from huoqun.carriers.wecom.tests.archive.far_side import FIRST, SECOND


def locked(pair: Pair, text: bytes) -> str:
    key = load_pem_public_key(pair.public.encode())
    assert isinstance(key, rsa.RSAPublicKey)
    return base64.b64encode(key.encrypt(text, PKCS1v15())).decode()


def test_a_new_pair_is_of_2048_bits_and_its_private_half_gives_both_again() -> None:
    pair = new_pair()
    assert pair.public.startswith("-----BEGIN PUBLIC KEY-----")
    assert read_private(pair.private) == pair
    assert "PRIVATE" not in repr(pair)


def test_a_key_in_the_older_form_is_taken_as_well() -> None:
    key = rsa.generate_private_key(65537, 2048)
    older = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    assert read_private(f"  {older}\n").private.startswith("-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize(("text", "sentence"), [("", NO_KEY), ("你好", NO_KEY), (FIRST.public, NO_KEY)])
def test_what_is_no_private_key_is_said_to_be_none(text: str, sentence: str) -> None:
    with pytest.raises(BadKey) as refused:
        read_private(text)
    assert refused.value.sentence == sentence


def test_keys_wecom_does_not_take_are_refused() -> None:
    short = rsa.generate_private_key(65537, 1024)
    curve = ec.generate_private_key(ec.SECP256R1())
    for key in (short, curve):
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        with pytest.raises(BadKey) as refused:
            read_private(pem)
        assert refused.value.sentence == NOT_RSA


def test_the_key_of_the_version_opens() -> None:
    ring = Ring([KeptKey(1, 1, FIRST.private), KeptKey(2, 2, SECOND.private)])
    assert [each.text for each in ring.candidates(2, locked(SECOND, b"abc"))] == ["abc"]
    assert ring.has(2)
    assert not ring.has(3)


def test_a_key_that_does_not_fit_gives_nothing_that_looks_like_a_key() -> None:
    ring = Ring([KeptKey(1, 1, FIRST.private)])
    for _again in range(20):
        for each in ring.candidates(1, locked(SECOND, b"abc")):
            assert each.text != "abc"
    assert ring.candidates(1, "not base64 at all") == []
    assert ring.candidates(3, locked(FIRST, b"abc")) == []


@pytest.mark.parametrize("noise", [b"", b"\x00\x01\x02", "键".encode()])
def test_noise_is_no_key(noise: bytes) -> None:
    assert Ring([KeptKey(1, 1, FIRST.private)]).candidates(1, locked(FIRST, noise)) == []


def test_keys_without_a_version_are_tried_until_one_has_turned_out_to_be_it() -> None:
    ring = Ring([KeptKey(1, None, FIRST.private), KeptKey(2, None, SECOND.private)])
    fitting = [each.key_id for each in ring.candidates(7, locked(SECOND, b"abc")) if each.text == "abc"]
    assert fitting == [2]
    ring.name(2, 7)
    assert ring.has(7)
    assert 2 not in [each.key_id for each in ring.candidates(8, locked(SECOND, b"abc"))]


def test_the_mark_changes_when_a_key_comes_or_is_named_and_not_otherwise() -> None:
    marks = {mark_of([]), mark_of([(1, None)]), mark_of([(1, 1)]), mark_of([(1, 1), (2, None)])}
    assert len(marks) == 4
    assert mark_of([(2, None), (1, 1)]) == mark_of([(1, 1), (2, None)])
