"""Stored secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.db.secrets import SecretUnreadable, decrypt, encrypt
from tests.conftest import Configure


def test_a_secret_comes_back_and_is_not_stored_in_clear(data_dir: Path) -> None:
    token = encrypt("sk-geheim-ключ")
    assert "geheim" not in token
    assert decrypt(token) == "sk-geheim-ключ"


def test_the_key_is_made_once_for_its_owner_only(data_dir: Path) -> None:
    token = encrypt("a")
    key = data_dir / "secret.key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert decrypt(token) == "a"


def test_a_changed_key_is_said_in_words(data_dir: Path, configure: Configure) -> None:
    token = encrypt("a")
    configure(secret_key="another")
    with pytest.raises(SecretUnreadable, match="secret key has changed"):
        decrypt(token)
    assert decrypt(encrypt("b")) == "b"
