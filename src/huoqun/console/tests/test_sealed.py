"""Secrets in the database are of no use without the installation's key."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from huoqun.console.sealed import Unsealable, seal, unseal


def test_what_was_sealed_comes_back() -> None:
    assert unseal(seal("口令 s3cret")) == "口令 s3cret"
    assert "s3cret" not in seal("s3cret")
    assert seal("s3cret") != seal("s3cret")
    assert seal("") == ""
    assert unseal("") == ""


def test_another_installations_key_opens_nothing(settings: LazySettings) -> None:
    sealed = seal("s3cret")
    settings.VAULT_KEY = "another"
    with pytest.raises(Unsealable, match="data/secrets/vault"):
        unseal(sealed)


def test_a_changed_text_is_not_taken() -> None:
    sealed = seal("s3cret")
    with pytest.raises(Unsealable):
        unseal(sealed[:-4] + "AAA=")
