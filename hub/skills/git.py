"""Skills from a git repository: https only, one commit, nothing of it run.

The repository is fetched without a work tree, hooks, submodules, credentials, or the person's git configuration, and
read as the archive that git makes of the commit; so its links and sizes pass the same checks as those of a zip.
"""

from __future__ import annotations

import re
import resource
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Timer
from typing import IO
from urllib.parse import urlsplit

from hub.db.who import Who
from hub.errors import BadInput
from hub.net.fetch import checked
from hub.settings import settings
from hub.skills import export, read, shelf, take, write
from hub.skills.package import Package, understand
from hub.skills.parse import FILE
from hub.skills.read import LARGEST_UNPACKED, LARGEST_ZIP, Found
from hub.skills.records import Origin, Shown, Update
from hub.skills.rows import make

SECONDS = 90.0
_NOTHING = "Nothing was imported."
_TREE = re.compile(r"^(?P<url>https://[^?#]+?)/(?:-/)?tree/(?P<ref>[^/?#]+)(?:/(?P<path>[^?#]+))?/?$")
_COMMIT = re.compile(r"^[0-9a-f]{40}(?:[0-9a-f]{24})?$")
_REF = re.compile(r"^(?!-)[\w./@-]{1,200}$")


@dataclass(frozen=True, slots=True)
class Repository:
    """Where to fetch from: a branch, tag or commit (`ref`, "" is the default branch) and a folder in it."""

    url: str
    ref: str = ""
    path: str = ""


def repository(address: str, ref: str = "", path: str = "") -> Repository:
    """The repository of an address, also one of a folder as hosting sites show it. Raises BadInput for one that is not
    https, or holds a password."""
    given = address.strip()
    if found := _TREE.match(given):
        ref, path = ref or found["ref"], path or found["path"] or ""
        given = found["url"]
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname:
        raise BadInput("A repository is fetched from an address that begins with https://.", hint=_NOTHING)
    if parts.username or parts.password:
        raise BadInput("The address holds a user name or password; only public repositories are read.", hint=_NOTHING)
    if ref and (not _REF.match(ref) or ".." in ref):
        raise BadInput(f"{ref[:80]!r} is no branch, tag or commit.", hint=_NOTHING)
    return Repository(given.split("?")[0].split("#")[0], ref, path.strip("/"))


def fetch(wanted: Repository) -> tuple[Found, Origin]:
    """The skills of a repository, and the commit that they were read at. Raises BadInput with the reason."""
    with TemporaryDirectory(prefix="hub-skills-") as folder:
        run = _Git(Path(folder), wanted)
        run("init", "--quiet", "--bare", "--template=", ".")
        ref = wanted.ref or "HEAD"
        run("fetch", "--quiet", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", wanted.url, ref)
        commit = run("rev-parse", "--verify", "FETCH_HEAD^{commit}").decode().strip()
        if not _COMMIT.match(commit):
            raise BadInput(f"{wanted.url} has no commit {wanted.ref or 'HEAD'}.", hint=_NOTHING)
        data = run("-c", "core.attributesFile=/dev/null", "archive", "--format=zip", commit)
    name = urlsplit(wanted.url).path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".git") or "skill"
    found = [one for one in read.archive(name, data) if _below(one.path, wanted.path)]
    if not found:
        raise BadInput(f"There is no SKILL.md below {wanted.path} in {wanted.url}.", hint=_NOTHING)
    return found, Origin("git", wanted.url, commit)


def _below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


class _Git:
    """git in one folder, for one fetch, without anything of this machine's or this hub's surroundings."""

    def __init__(self, folder: Path, wanted: Repository) -> None:
        self._folder, self._url = folder, wanted.url
        host, port, address = checked(wanted.url, settings().reaches_private("tools"))
        at = f"[{address}]" if ":" in address else address
        self._end = time.monotonic() + SECONDS
        authority = settings().variable("SSL_CERT_FILE")
        self._options = [
            *(["-c", f"http.sslCAInfo={authority}"] if authority else []),
            *("-c", f"http.curloptResolve={host}:{port}:{at}"),  # the address that was checked, and no other
            *("-c", "http.followRedirects=false"),
            *("-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=15"),
            *("-c", "core.hooksPath=/dev/null", "-c", "core.symlinks=false"),
            *("-c", "credential.helper=", "-c", "fetch.fsckObjects=true", "-c", "gc.auto=0"),
            *("-c", "protocol.allow=never", "-c", "protocol.https.allow=always"),
        ]
        self._environment = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "/bin/false",
            "GIT_LFS_SKIP_SMUDGE": "1",
            "LC_ALL": "C",
        }

    def __call__(self, *arguments: str) -> bytes:
        with TemporaryFile() as complaints:
            try:
                started = subprocess.Popen(
                    ["git", *self._options, *arguments],
                    cwd=self._folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    preexec_fn=_limits,
                )
            except FileNotFoundError as error:
                said = "git is not installed beside the hub."
                raise BadInput(said, hint=f"{_NOTHING} Import a zip instead.") from error
            watch = Timer(max(0.1, self._end - time.monotonic()), started.kill)
            watch.start()
            try:
                with started:
                    return self._result(started, complaints)
            finally:
                watch.cancel()

    def _result(self, started: subprocess.Popen[bytes], complaints: IO[bytes]) -> bytes:
        assert started.stdout is not None
        data = started.stdout.read(LARGEST_ZIP + 1)
        if len(data) > LARGEST_ZIP:
            started.kill()
            raise BadInput(f"{self._url} has more than {LARGEST_ZIP // 1_000_000} MB.", hint=_NOTHING)
        if started.wait():
            complaints.seek(0)
            said = complaints.read(20_000).decode(errors="replace").strip()
            late = time.monotonic() >= self._end
            why = f"it took longer than {SECONDS:.0f} seconds" if late else _reason(said)
            raise BadInput(f"{self._url} could not be read: {why}.", hint=_NOTHING)
        return data


def _limits() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_UNPACKED, LARGEST_UNPACKED))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if line.startswith(("fatal:", "error:"))]
    return lines[-1].partition(":")[2].strip()[:200] if lines else (said[-200:] or "git ended without a word")


def updates(who: Who, skill: str, ref: str = "") -> Update:
    """What the repository of a skill has for it now, to be looked at before it is taken. Raises as `update`."""
    package, origin, shown = _newest(who, skill, ref)
    _, before = export.everything(who, skill)
    after = {FILE: package.text.encode(), **package.files}
    made = make(understand(package), origin)
    return Update(
        skill, shown.skill.name, origin.commit, write.changes(before, after), made.warnings, made.findings
    )  # fmt: skip


def update(who: Who, skill: str, commit: str) -> Shown:
    """Takes what was looked at: the commit that `updates` named, and nothing newer. Raises BadInput and NotFound."""
    if not _COMMIT.match(commit):
        raise BadInput("An update is taken at the commit that was looked at.", hint="Nothing was changed.")
    package, origin, shown = _newest(who, skill, commit)
    take.renew(who, shown.skill, make(understand(package), origin), f"updated to {commit[:12]}")
    return shelf.get(who, skill)


def _newest(who: Who, skill: str, ref: str) -> tuple[Package, Origin, Shown]:
    shown = shelf.get(who, skill)
    origin = shown.skill.origin
    if origin.kind != "git" or not shown.mine:
        raise BadInput("This skill did not come from a repository of yours.", hint="Nothing was changed.")
    found, new = fetch(repository(origin.place, ref, ""))
    for one in found:
        if isinstance(one, Package) and one.path == origin.path:
            return replace(one, folder=shown.skill.name), replace(new, path=one.path), shown
    raise BadInput(f"{origin.place} has no skill at {origin.path or 'its top'} any more.", hint="Nothing was changed.")
