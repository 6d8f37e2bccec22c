"""Real stores for the tests: one embedded server of each kind a pytest process, a fresh database a test.

def test_something(mongo): ...            # hub.db.mongo works, on a database of its own
def test_other(mongo, configure): ...     # configure(max_upload_mb=1) changes settings for this test
def test_search(postgres): ...            # hub.db.postgres works, on a database of its own, with pgvector
def test_jobs(mongo, postgres): ...       # both

HUB_TEST_MONGO_URL and HUB_TEST_POSTGRES_URL name servers that are to be taken in place of the embedded ones; a person
behind each address has to be able to make and drop databases.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hub.db.embedded import EmbeddedMongo, EmbeddedPostgres, EmbeddedStore
from hub.settings import PROVIDER_KEYS, PROVIDER_URLS, Settings, settings

Configure = Callable[..., None]

GIVEN_MONGO, GIVEN_POSTGRES = os.environ.get("HUB_TEST_MONGO_URL"), os.environ.get("HUB_TEST_POSTGRES_URL")
"""Servers from outside; read here, before the tests lose sight of the machine's own settings."""

SECOND_TRY = (
    "browser",
    "jobs/test_workers.py",
    "documents/test_faults.py",
    "memory/test_worker.py",
    "runs/test_faults.py",
)
"""Where browsers or killed processes and a noisy machine meet: one more try, and the report names who needed it."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests of SECOND_TRY; `--force-reruns 0` takes that back."""
    here = Path(__file__).parent
    for item in items:
        if any(item.path.is_relative_to(here / place) for place in SECOND_TRY):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def _own_environment() -> None:
    """The machine's own HUB_* settings, `.env` and provider keys stay out of the tests."""
    Settings.model_config["env_file"] = None
    given = {name for names in PROVIDER_KEYS.values() for name in names} | set(PROVIDER_URLS.values())
    for name in [name for name in os.environ if name.startswith("HUB_") or name in given]:
        del os.environ[name]
    os.environ["HUB_DISCOVER_LOCAL"] = "false"
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """`configure(name=value, ...)` sets settings for this test; they are back as they were afterwards."""

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"HUB_{name.upper()}", str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def data_dir(tmp_path: Path, configure: Configure) -> Path:
    """An empty data folder that the settings point at."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    configure(data=folder)
    return folder


@contextmanager
def _running(store: EmbeddedStore) -> Generator[str]:
    store.prepare()
    process = store.spawn()
    try:
        store.wait(process)
        yield store.url
    finally:
        process.kill()
        store.stop(process)


@pytest.fixture(scope="session")
def mongo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one Mongo for this pytest process: the given one, or embedded without the cost of durability."""
    if GIVEN_MONGO:
        yield GIVEN_MONGO
        return
    with _running(EmbeddedMongo(tmp_path_factory.mktemp("mongo"), durable=False, auth=False)) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of one Postgres for this pytest process: the given one, or embedded without the cost of durability."""
    if GIVEN_POSTGRES:
        yield GIVEN_POSTGRES
        return
    with _running(EmbeddedPostgres(tmp_path_factory.mktemp("postgres"), durable=False)) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_shared(postgres_server: str) -> Iterator[str]:
    """The URL of one migrated database of this pytest process, for tests that want the store to be there and look at
    nothing in it."""
    import psycopg

    from hub.db.migrations import postgres as migrations

    name = f"shared{uuid.uuid4().hex[:8]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = postgres_server.rsplit("/", 1)[0] + f"/{name}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUB_POSTGRES_URL", url)
        settings.cache_clear()
        migrations.apply()
    settings.cache_clear()
    yield url
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def mongo(mongo_server: str, data_dir: Path, configure: Configure) -> Iterator[str]:
    """`hub.db.mongo` on a fresh database; the value is the server's URL."""
    from hub.db.mongo import client, database

    configure(mongo_url=mongo_server, mongo_database=f"t{uuid.uuid4().hex[:12]}")
    yield mongo_server
    client().drop_database(database().name)


@pytest.fixture
def postgres(postgres_server: str, data_dir: Path, configure: Configure) -> Iterator[str]:
    """`hub.db.postgres` on a fresh database with pgvector; the value is its URL."""
    import psycopg

    from hub.db import postgres as store

    name = f"t{uuid.uuid4().hex[:12]}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = postgres_server.rsplit("/", 1)[0] + f"/{name}"
    configure(postgres_url=url)
    yield url
    store.close()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
