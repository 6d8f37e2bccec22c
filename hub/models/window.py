"""How much of a model's window a prompt may fill."""

from __future__ import annotations

from hub.models.types import ModelInfo, Params

MARGIN = 0.03
"""Share of the window that is kept free because our count is an estimate."""
MOST_RESERVED = 8_192


def room(info: ModelInfo, params: Params) -> int | None:
    """Tokens of the window that a prompt may fill, the answer's share taken off; None when the window is unknown."""
    if info.context is None:
        return None
    reserved = params.max_tokens or min(info.output_limit or MOST_RESERVED, MOST_RESERVED, info.context // 4)
    return max(0, int(info.context * (1 - MARGIN)) - reserved)
