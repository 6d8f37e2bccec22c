"""Values that stand in everybody's examples are refused where they would protect something."""

from __future__ import annotations

import pytest

from hub.errors import BadInput
from hub.settings import settings
from tests.conftest import Configure

FAR = "mongodb://hub:{}@mongo:27017/?authSource=admin"


@pytest.mark.parametrize("value", ["changeme", "Secret", "password"])
def test_a_public_secret_key_is_refused_in_a_sentence(configure: Configure, value: str) -> None:
    configure(secret_key=value)
    with pytest.raises(BadInput, match="HUB_SECRET_KEY: this value is known to everybody"):
        settings()


def test_a_public_password_of_a_server_is_refused(configure: Configure) -> None:
    configure(mongo_url=FAR.format("change%6De"))
    with pytest.raises(BadInput, match="HUB_MONGO_URL: its password is known to everybody"):
        settings()
    configure(mongo_url="", postgres_url="postgresql://postgres:postgres@db.example.org/hub")
    with pytest.raises(BadInput, match="HUB_POSTGRES_URL"):
        settings()


@pytest.mark.parametrize(
    "url", [FAR.format("5f1d3c9a"), "mongodb://a:27017,b:27018/?replicaSet=r", "mongodb://hub:hub@127.0.0.1:27017/"]
)
def test_other_addresses_are_taken_as_they_are(configure: Configure, url: str) -> None:
    configure(mongo_url=url)
    assert settings().mongo_url == url
