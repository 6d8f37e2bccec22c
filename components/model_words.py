"""How facts about a model are written, the same wherever they stand."""

from __future__ import annotations

from hub.models.types import Ability, ModelInfo, Price

ABILITIES: dict[Ability, str] = {
    "vision": "images",
    "tools": "tools",
    "reasoning": "reasoning",
    "json": "JSON",
    "audio": "audio",
}
"""The word for each ability, in the order in which they are listed."""


def tokens(count: int | None) -> str:
    """A token count as people say it: 128k, 1M; "unknown" for None."""
    if count is None:
        return "unknown"
    if count >= 1_000_000:
        return f"{count / 1_000_000:.2g}M"
    if count >= 10_000:
        return f"{count / 1000:.0f}k"
    return f"{count / 1000:.1f}k".replace(".0k", "k") if count >= 1000 else str(count)


def dollars(amount: float | None) -> str:
    """US dollars for a million tokens, without needless zeros; "unknown" for None."""
    if amount is None:
        return "unknown"
    if amount == 0:
        return "free"
    text = f"{amount:.2f}" if amount >= 0.1 else f"{amount:.4f}".rstrip("0")
    return "$" + text.removesuffix(".00")


def price(value: Price, *, local: bool = False) -> str:
    """Input and output price for a million tokens in one short phrase."""
    if value.input is None and value.output is None:
        return "runs here" if local else "price unknown"
    if value.input == 0 and value.output == 0:
        return "free"
    return f"{dollars(value.input)} in, {dollars(value.output)} out"


def abilities(model: ModelInfo) -> list[str]:
    """The words of what the model can do; empty also when that is unknown."""
    return [word for ability, word in ABILITIES.items() if ability in (model.abilities or ())]


def ability_words(model: ModelInfo) -> str:
    """One phrase for a table: the words, "text only", or "unknown"."""
    if model.abilities is None:
        return "unknown"
    return ", ".join(abilities(model)) or "text only"
