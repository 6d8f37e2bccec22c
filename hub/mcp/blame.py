"""Why a connection did not come about or broke, as a sentence without secrets."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

import httpx2
from mcp import MCPError

from hub.errors import HubError
from hub.mcp import child
from hub.mcp.bearer import Bearer
from hub.mcp.http import Checked, Refused
from hub.mcp.records import Access, Server, SignInNeeded

LONGEST = 240


class Blame:
    """What was seen of one connection. `sign_in`: the person must sign in; `final`: trying again changes nothing."""

    def __init__(self, server: Server, access: Access) -> None:
        self._server = server
        self._access = access
        self.refused = Refused()
        self.bearer: Bearer | None = None
        self.checked: Checked | None = None
        self.sign_in = False
        self.final = False

    def say(self, error: BaseException | None) -> str:
        """The cause; it sets `sign_in` and `final`."""
        said = self._cause(_inner(error))
        for secret in self._access.secrets:
            said = said.replace(secret, "•••")
        said = said.strip().rstrip(".")
        return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"

    def _cause(self, error: BaseException | None) -> str:
        if self._server.transport == "stdio":
            return self._of_program(error)
        if (self.bearer and self.bearer.needed) or isinstance(error, SignInNeeded):
            self.sign_in = True
            return "you have to sign in first"
        if self.checked and self.checked.blocked:
            self.final = True
            return self.checked.blocked.message
        if self.refused.status in {401, 403}:
            return self._of_refusal()
        if self.refused.status:
            return f"it answered with status {self.refused.status}"
        if isinstance(error, httpx2.HTTPError):
            return f"nothing answers at {urlsplit(self._access.url).netloc.rpartition('@')[2]} ({type(error).__name__})"
        return _plain(error) or "the connection was closed"

    def _of_refusal(self) -> str:
        keyed = any(name.lower() == "authorization" for name in self._access.headers)
        if self.refused.status == 401 and not keyed:
            self.sign_in = True
            return "you have to sign in first"
        self.final = True
        return f"it refused the key that it was given ({self.refused.status})"

    def _of_program(self, error: BaseException | None) -> str:
        if words := child.last_words(self._server.id, self._access):
            return words.replace("\n", " · ")
        return _plain(error) or "it ended"


def _plain(error: BaseException | None) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, HubError | MCPError):
        return error.message
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return type(error).__name__ if error is not None else ""


def _inner(error: BaseException | None) -> BaseException | None:
    while isinstance(error, BaseExceptionGroup):
        error = cast("BaseExceptionGroup[BaseException]", error).exceptions[0]
    return error
