"""Child processes on the leash."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from hub.db.processes import StartFailed, kept_secret, launch, leash, private_folder, stop, tail, until

STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(99)"
)
PARENT = """
import sys, time
from hub.db.processes import launch
child = launch([sys.executable, "-c", "import time; time.sleep(99)"])
print(child.pid, flush=True)
time.sleep(99)
"""


def written(log: Path, words: str) -> bool:
    return log.exists() and words in log.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is a Linux matter")
def test_a_child_ends_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    _, alive = psutil.wait_procs([child], timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.skipif(sys.platform != "linux", reason="the leash is a Linux matter")
def test_a_child_whose_parent_ended_before_the_leash_was_on_does_not_start() -> None:
    words = [*leash(), "echo", "started"]
    assert subprocess.check_output(words) == b"started\n"
    other = subprocess.run(["sh", "-c", '"$@"; true', "another parent", *words], stdout=subprocess.PIPE, check=True)
    assert other.stdout == b""


def test_a_child_that_does_not_listen_is_killed_and_so_said(tmp_path: Path) -> None:
    log = tmp_path / "log" / "child.log"
    process = launch([sys.executable, "-c", STUBBORN], log=log)
    until(lambda: written(log, "on"), process, "child", log, 20)
    assert stop(process, seconds=0.2) is False
    assert process.returncode == -signal.SIGKILL


def test_a_child_that_fails_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log" / "child.log"
    process = launch([sys.executable, "-c", "import sys; sys.exit('no such thing')"], log=log)
    with pytest.raises(StartFailed, match="status 1") as caught:
        until(lambda: False, process, "child", log, 20)
    assert "no such thing" in caught.value.hint


def test_a_full_disk_is_named_in_place_of_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log" / "child.log"
    process = launch([sys.executable, "-c", "import sys; sys.exit('Traceback and so on')"], log=log)
    process.wait()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(total=10**9, used=10**9, free=300_000))
    with pytest.raises(StartFailed, match=r"full \(0\.3 MB free\)") as caught:
        until(lambda: False, process, "child", log, 20)
    assert caught.value.kind == "disk_full" and str(tmp_path) in caught.value.message
    assert "Traceback" not in caught.value.hint and str(log) in caught.value.hint


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = private_folder(tmp_path / "log") / "child.log"
    log.write_bytes(b"old" * 4_000_000)
    launch([sys.executable, "-c", "print('new')"], log=log).wait()
    assert log.read_text() == "new\n"
    assert log.with_name("child.log.1").stat().st_size == 12_000_000
    assert tail(tmp_path / "none.log") == "It wrote no log."


def test_a_secret_is_made_once_whoever_asks(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: kept_secret(tmp_path / "key"), range(32)))
    assert len(made) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
