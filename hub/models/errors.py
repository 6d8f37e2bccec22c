"""What can go wrong with a model, in words a person can act on.

Each message says the cause; each hint says the next step and whether anything was lost or charged.
`hub.models.blame` turns what a provider answered into one of these.
"""

from __future__ import annotations

from typing import Literal

from hub.errors import HubError

Phase = Literal["connect", "first_token", "idle"]


class ModelError(HubError):
    """A model did not answer. `retryable` says whether the same request may work later,
    `retry_after` in how many seconds, when the provider tells."""

    kind = "model_error"
    retryable = False
    retry_after: float | None = None

    def record(self) -> dict[str, object]:
        """The stored form: kind, message, hint, retryable, and retry_after when it is known."""
        record = {**super().record(), "retryable": self.retryable}
        if self.retry_after is not None:
            record["retry_after"] = self.retry_after
        return record


class NoKey(ModelError):
    """The connection has no key, or the key that is stored cannot be read."""

    kind = "no_key"

    def __init__(self, connection: str) -> None:
        super().__init__(
            f"The connection {connection} has no key.",
            hint="Add a key under Models. Nothing was sent or charged.",
        )


class RefusedKey(ModelError):
    """The provider does not accept the key."""

    kind = "refused_key"

    def __init__(self, provider: str, detail: str = "") -> None:
        super().__init__(
            f"{provider} refused the key{_because(detail)}",
            hint="Check the key under Models, or paste a new one. Nothing was charged.",
        )


class NoCredit(ModelError):
    """The account has no credit, or has reached a limit of spending."""

    kind = "no_credit"

    def __init__(self, provider: str, detail: str = "") -> None:
        super().__init__(
            f"The account at {provider} has no credit for this request{_because(detail)}",
            hint="Add credit at the provider, lower the longest answer, or choose a cheaper model. "
            "Nothing was charged for this request.",
        )


class RateLimited(ModelError):
    """Too many requests; `retry_after` is in seconds when the provider tells."""

    kind = "rate_limited"
    retryable = True

    def __init__(self, provider: str, retry_after: float | None = None, detail: str = "") -> None:
        when = "in a minute" if retry_after is None else f"in {duration(retry_after)}"
        super().__init__(
            f"{provider} takes no more requests for now{_because(detail)}",
            hint=f"Try again {when}, or choose another model. Nothing was charged for this request.",
        )
        self.retry_after = retry_after


class ContextTooLong(ModelError):
    """The conversation does not fit. `over` is by how many tokens, when the provider tells."""

    kind = "context_too_long"

    def __init__(self, limit: int | None = None, asked: int | None = None, detail: str = "") -> None:
        self.limit = limit
        self.over = asked - limit if limit is not None and asked is not None and asked > limit else None
        if self.over is not None:
            message = f"The conversation is {self.over:,} tokens too long for this model, which takes {limit:,}."
        elif limit is not None:
            message = f"The conversation is too long for this model, which takes {limit:,} tokens."
        else:
            message = f"The conversation is too long for this model{_because(detail)}"
        super().__init__(
            message,
            hint="Summarise the older part, leave an attachment out, or choose a model that takes more. "
            "Nothing was lost or charged.",
        )

    def record(self) -> dict[str, object]:
        """The stored form, with `limit` and `over` when they are known."""
        known = {"limit": self.limit, "over": self.over}
        return {**super().record(), **{name: value for name, value in known.items() if value is not None}}


class RefusedContent(ModelError):
    """The provider's filter stopped the request or the answer."""

    kind = "refused_content"

    def __init__(self, provider: str, detail: str = "") -> None:
        super().__init__(
            f"{provider} refused the content{_because(detail)}",
            hint="Say it in another way or choose another model. The provider may have charged for what was sent.",
        )


class ModelGone(ModelError):
    """The provider does not know the model, or the account may not use it."""

    kind = "model_gone"

    def __init__(self, provider: str, model: str, detail: str = "") -> None:
        super().__init__(
            f"{provider} has no model named {model} for this account{_because(detail)}",
            hint="Choose another model, or refresh the list under Models. Nothing was charged.",
        )


class Network(ModelError):
    """The provider cannot be reached, or the connection broke before the answer began."""

    kind = "network"
    retryable = True

    def __init__(self, provider: str, address: str, detail: str = "") -> None:
        why = f": {detail}" if detail else ""
        super().__init__(
            f"{provider} cannot be reached at {address}{why}.",
            hint="Check the network and the address, or whether the local server runs, and try again. "
            "Nothing was charged.",
        )


class ProviderDown(ModelError):
    """The provider failed by its own fault, or answered something that cannot be read."""

    kind = "provider_down"
    retryable = True

    def __init__(self, provider: str, status: int | None = None, detail: str = "", *, begun: bool = False) -> None:
        number = f" (status {status})" if status else ""
        after = " in the middle of the answer" if begun else ""
        super().__init__(
            f"{provider} failed{after}{number}{_because(detail)}",
            hint=_after(begun, "Try again in a moment, or choose another model."),
        )


class TimedOut(ModelError):
    """Nothing came in time. `which` is connect, first_token or idle."""

    kind = "timeout"
    retryable = True

    def __init__(self, provider: str, which: Phase, seconds: float) -> None:
        self.which = which
        cause = {
            "connect": f"{provider} did not accept a connection within {duration(seconds)}.",
            "first_token": f"{provider} sent no first word within {duration(seconds)}.",
            "idle": f"{provider} stopped sending in the middle of the answer for {duration(seconds)}.",
        }[which]
        hint = {
            "connect": "Check the address and the network, and try again. Nothing was charged.",
            "first_token": "Try again, or allow more time with HUB_FIRST_TOKEN_TIMEOUT. The provider may have charged.",
            "idle": "The text so far is kept: continue it or try again. HUB_IDLE_TIMEOUT allows more time.",
        }[which]
        super().__init__(cause, hint=hint)

    def record(self) -> dict[str, object]:
        """The stored form, with which of the times ran out."""
        return {**super().record(), "which": self.which}


class NoAPI(ModelError):
    """Something answers at the address, but not as the API of a provider."""

    kind = "no_api"

    def __init__(self, provider: str, address: str, detail: str) -> None:
        super().__init__(
            f"{provider} does not answer as an API at {address}: {detail}.",
            hint="Check the address under Models; most end in /v1. Nothing was charged.",
        )


class BadRequest(ModelError):
    """The provider does not take the request as it stands."""

    kind = "bad_request"

    def __init__(self, provider: str, detail: str = "", status: int | None = None) -> None:
        number = f" (status {status})" if status else ""
        super().__init__(
            f"{provider} did not take the request{number}{_because(detail)}",
            hint="Change the settings of the chat or choose another model. Nothing was charged.",
        )


class StreamEnded(ModelError):
    """The connection ended before the answer did."""

    kind = "stream_ended"
    retryable = True

    def __init__(self, provider: str, *, begun: bool) -> None:
        where = "in the middle of the answer" if begun else "before the first word"
        super().__init__(
            f"The connection to {provider} ended {where}.",
            hint=_after(begun, "Try again, or choose another model."),
        )


def duration(seconds: float) -> str:
    """`seconds` as a person says it, such as "45 seconds", "5 minutes" or "2 hours"."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return f"{-(-seconds // size):.0f} {word}s"
    whole = max(1, round(seconds))
    return f"{whole} second{'s' if whole != 1 else ''}"


def _because(detail: str) -> str:
    if not detail:
        return "."
    return f': "{detail}"' if detail.endswith((".", "!", "?")) else f': "{detail}".'


def _after(begun: bool, otherwise: str) -> str:
    if begun:
        return "The text so far is kept: continue it or try again. The provider may have charged for what it sent."
    return f"{otherwise} The message is kept; most likely nothing was charged."
