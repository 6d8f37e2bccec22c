"""Child processes that never outlive the hub: started on a leash, stopped with a time limit."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hub.db import disk
from hub.errors import HubError

_READ_SEARCH, _OVERRIDE = 2, 1
"""Bits of CAP_DAC_READ_SEARCH and CAP_DAC_OVERRIDE in a Linux capability mask."""

_LONGEST_LOG = 10_000_000
"""Bytes; a longer log is put aside as `.1` at the next start."""


class StartFailed(HubError):
    """A part of the hub did not start; the hint quotes the end of its log, or says that the disk is full."""

    kind = "start_failed"


def leash(death: str = "KILL", *, user: str | None = None) -> list[str]:
    """The words before a command that make the kernel send `death` to it when its parent ends.

    `user` gives up root for that user while the process may still walk through closed folders above its own
    (a hub under /root): the data folder stays 0700 and nothing else on the machine is opened.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    if setpriv is None:
        if user is not None:
            raise StartFailed(
                "The embedded PostgreSQL cannot run as root on this machine.",
                hint="Install util-linux (setpriv), start the hub as a normal user, or set HUB_POSTGRES_URL.",
            )
        return []
    words = [setpriv, "--pdeathsig", death]
    # A parent that ended before the leash was on sends nothing: the child sees another parent and does not start.
    held = ["sh", "-c", f'[ "$PPID" = {os.getpid()} ] && exec "$@"', "leash"]
    if user is not None:
        words += ["--reuid", user, "--regid", str(_group_of(user)), "--clear-groups"]
        if capability := _walk_capability():
            words += ["--inh-caps", f"+{capability}", "--ambient-caps", f"+{capability}"]
    return [*words, *held]


def _group_of(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _walk_capability() -> str | None:
    """The weakest capability this process has that lets a child walk through closed folders."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            mask = int(line.split()[1], 16)
            if mask >> _READ_SEARCH & 1:
                return "dac_read_search"
            if mask >> _OVERRIDE & 1:
                return "dac_override"
    return None


def launch(
    argv: Sequence[str],
    *,
    log: Path | None = None,
    speaks: bool = False,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    death: str = "KILL",
    user: str | None = None,
) -> subprocess.Popen[bytes]:
    """Starts `argv` on the leash in a session of its own (a Ctrl-C in the terminal reaches the hub only).

    Call it from a thread that lives as long as the child should: the leash follows the thread that forked.
    Output is appended to `log`; without one, and stdout alone of a child that `speaks`, goes where the hub's own goes.
    """
    out = _open_log(log) if log else None
    try:
        return subprocess.Popen(
            [*leash(death, user=user), *argv],
            stdin=subprocess.DEVNULL,
            stdout=None if speaks else out,
            stderr=out,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            start_new_session=True,
        )
    finally:
        if out is not None:
            os.close(out)


def _open_log(path: Path) -> int:
    private_folder(path.parent)
    if path.exists() and path.stat().st_size > _LONGEST_LOG:
        path.replace(path.with_name(f"{path.name}.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def until(ready: Callable[[], bool], process: subprocess.Popen[bytes], name: str, log: Path, seconds: float) -> None:
    """Asks `ready` often until it is True; raises StartFailed when the process ends first or the time is over."""
    end = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise failed(f"{name} ended while it started (status {process.returncode}).", name, log)
        if time.monotonic() > end:
            raise failed(f"{name} did not answer within {seconds:.0f} seconds.", name, log)
        time.sleep(0.03)


def failed(sentence: str, name: str, log: Path) -> StartFailed:
    """What to say of a program that did not start: that the disk is full, if so, else `sentence` and the log's end."""
    place = log.parent.parent
    left = shutil.disk_usage(place).free
    if left < disk.LEAST_FREE:
        return StartFailed(
            f"{name} cannot start: the disk of {place} is full ({left / 1e6:,.1f} MB free). Nothing stored is lost.",
            hint=f"Free some space and start the hub again; one that runs tries again by itself. Details: {log}",
            kind="disk_full",
        )
    return StartFailed(sentence, hint=f"Its log ends with: {tail(log)}\nMore in {log}")


def stop(process: subprocess.Popen[bytes], *, sign: int = signal.SIGTERM, seconds: float = 10) -> bool:
    """Asks `process` to end, kills it and its group after `seconds`; True when it ended by itself."""
    if process.poll() is None:
        process.send_signal(sign)
    try:
        process.wait(seconds)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Ends whatever is left of the session that `process` leads, and waits for `process` itself."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port of `host` that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections on the port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def private_folder(path: Path) -> Path:
    """`path` as an existing folder that only its owner may open."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o700)
    return path


def kept_secret(path: Path) -> str:
    """The secret in `path`; the first call makes it, 0600, and never half-written."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()


def tail(log: Path, lines: int = 8) -> str:
    """The last lines of a log, for an error's hint."""
    if not log.exists():
        return "It wrote no log."
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
