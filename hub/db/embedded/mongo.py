"""MongoDB's or SecantusDB's server as a child of this process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hub.db.processes import StartFailed, answers, free_port, kept_secret, launch, private_folder, stop, until

if TYPE_CHECKING:
    from pymongo import MongoClient

_INTERNAL_ERROR = 1
"""MongoDB's code for a fault inside the server."""


class EmbeddedMongo:
    """MongoDB's server if one is installed, else SecantusDB, on loopback with a generated password.

    The engine that made the folder keeps it: installing `mongod` later does not hide what SecantusDB stores.
    `durable=False` and `auth=False` are for tests that want speed.
    """

    def __init__(self, data: Path, *, durable: bool = True, auth: bool = True) -> None:
        data = data.absolute()
        self.engine = _mongo_engine(data)
        self.name = "MongoDB" if self.engine == "mongod" else "SecantusDB"
        self.folder = data / ("mongo" if self.engine == "mongod" else "secantus")
        self.log = data / "log" / f"{self.folder.name}.log"
        self.port = free_port()
        self._durable = durable
        self._auth = auth
        self._password = data / "mongo.password"

    @property
    def url(self) -> str:
        """The connection string; it holds the password."""
        if not self._auth:
            return f"mongodb://127.0.0.1:{self.port}/?directConnection=true"
        password = kept_secret(self._password)
        return f"mongodb://hub:{password}@127.0.0.1:{self.port}/?authSource=admin&directConnection=true"

    def prepare(self) -> None:
        """Makes the folder and, the first time, the one user."""
        private_folder(self.folder)
        if not self._auth or self._made.exists():
            return
        # MongoDB lets the first user be made over loopback under --auth; SecantusDB wants a start without it.
        process = self._launch(auth=self.engine == "mongod")
        try:
            until(lambda: answers(self.port), process, self.name, self.log, 60)
            self._make_user()
        finally:
            stop(process)

    @property
    def _made(self) -> Path:
        """Stands once the first start behind the password has worked."""
        return self.folder / "user.made"

    def _make_user(self) -> None:
        from pymongo.errors import OperationFailure

        with _client(f"mongodb://127.0.0.1:{self.port}/?directConnection=true", 10) as client:
            if self.engine != "mongod":
                _drop_users(client, keep="")  # left by a first time that was interrupted here
            try:
                client.admin.command("createUser", "hub", pwd=kept_secret(self._password), roles=["root"])
            except OperationFailure as error:
                raise StartFailed(f"{self.name} did not take the first user.", hint=str(error)) from error

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the server on its port."""
        return self._launch(auth=self._auth)

    def _launch(self, *, auth: bool) -> subprocess.Popen[bytes]:
        if self.engine == "mongod":
            command = ["mongod", "--dbpath", str(self.folder), "--bind_ip", "127.0.0.1", "--port", str(self.port)]
            return launch(command + ["--auth"] * auth, log=self.log, cwd=self.folder)
        if find_spec("secantus") is None:
            raise StartFailed(
                "The embedded database is not installed here.",
                hint="Install the requirements again, or set HUB_MONGO_URL to a server; containers need one.",
            )
        # An empty file of its own: SecantusDB would otherwise look for settings in the home folder.
        config = self.folder.with_name("secantus.toml")
        config.touch()
        command = [sys.executable, "-m", "secantus", "--config", str(config), "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--storage-path", str(self.folder), "--log-level", "WARNING"]
        command += ["--cache-size", "256M", "--oplog-max-entries", "10000"]
        command += ["--auth"] * auth + ["--sync-on-commit"] * self._durable
        return launch(command, log=self.log, cwd=self.folder)

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Returns when a client that signs in gets an answer."""
        from pymongo.errors import PyMongoError

        until(lambda: answers(self.port), process, self.name, self.log, seconds)
        try:
            with _client(self.url, seconds) as client:
                client.admin.command("usersInfo", "hub")
                if self._auth and not self._made.exists():
                    # Nobody on this machine may have used the moment without a password.
                    _drop_users(client, keep="hub")
                    self._made.touch()
        except PyMongoError as error:
            raise StartFailed(f"{self.name} started but refuses the hub.", hint=str(error)) from error

    def broken(self) -> bool:
        """Whether the server answers but can read nothing any more, as when a full disk has ended its storage engine.

        Only a new start helps then; it recovers everything that was acknowledged. Blocking.
        """
        from pymongo.errors import OperationFailure, PyMongoError

        try:
            with _client(self.url, 2) as client:
                client.admin["system.users"].find_one({})
        except OperationFailure as error:
            return error.code == _INTERNAL_ERROR
        except PyMongoError:  # it does not answer at all: it starts, or is busy, or has ended, which others watch
            return False
        return False

    def stop(self, process: subprocess.Popen[bytes]) -> bool:
        """Ends the server."""
        return stop(process, seconds=15)


def _client(url: str, seconds: float) -> MongoClient[dict[str, Any]]:
    from pymongo import MongoClient

    return MongoClient(url, serverSelectionTimeoutMS=int(seconds * 1000))


def _drop_users(client: MongoClient[dict[str, Any]], *, keep: str) -> None:
    for user in client.admin["system.users"].find({}):
        if user["user"] != keep:
            client[user["db"]].command("dropUser", user["user"])


def _mongo_engine(data: Path) -> str:
    if (data / "secantus").exists():
        return "secantus"
    return "mongod" if shutil.which("mongod") or (data / "mongo").exists() else "secantus"
