"""The Bradley-Terry model: abilities from wins, by Newton's method, for one table of wins or many at once."""

from __future__ import annotations

import numpy as np

from hub.stats.rates import Numbers

RIDGE = 0.1
"""How much the square of an ability counts against it, where votes alone leave it without an end."""
_STEPS = 200
_CLOSE = 1e-8
"""Newton doubles the digits with each step: after one so small the next would change nothing."""


def fit(wins: Numbers, ridge: float = 0.0) -> Numbers:
    """Abilities with mean 0 on the scale of log odds; wins[..., i, j] is how often i beat j, a tie half to each.

    Shape (..., models), for wins of (..., models, models). Raises ArithmeticError when they have no finite end, which
    cannot be where `strong` is true or `ridge` is above 0.
    Source: D. Hunter, Annals of Statistics 32 (2004), for the model and for when it has a fit.
    """
    games = wins + np.swapaxes(wins, -1, -2)
    found: Numbers = np.zeros(wins.shape[:-1], dtype=np.float64)
    for _ in range(_STEPS):
        chances = expected(found)
        slope: Numbers = np.sum(wins - games * chances, axis=-1) - ridge * found
        step = solved(information(games, chances, ridge), slope)
        # The likelihood is concave: steps of at most 1 cannot run away where it is flat.
        sizes: Numbers = np.max(np.abs(step), axis=-1, keepdims=True)
        found = found + step / np.maximum(1.0, sizes)
        if float(sizes.max()) < _CLOSE * (1 + float(np.abs(found).max())):
            return found
    raise ArithmeticError("the abilities have no finite end")


def solved(matrices: Numbers, columns: Numbers) -> Numbers:
    """x of matrix x = column, for each of them."""
    return np.asarray(np.linalg.solve(matrices, columns[..., None])[..., 0], dtype=np.float64)


def expected(abilities: Numbers) -> Numbers:
    """The probability that i beats j, (..., models, models)."""
    return 1 / (1 + np.exp(abilities[..., None, :] - abilities[..., :, None]))


def information(games: Numbers, chances: Numbers, ridge: float = 0.0) -> Numbers:
    """Fisher's information about abilities of mean 0; the direction in which all rise together is filled with 1."""
    models = games.shape[-1]
    told = games * chances * (1 - chances)
    whole = told.sum(-1)[..., None] * np.eye(models) - told
    return whole + ridge * (np.eye(models) - 1 / models) + 1 / models


def strong(wins: Numbers) -> bool:
    """Whether every model has beaten every other through some chain: only then do the votes have a finite fit."""
    reach = (wins > 0) | np.eye(len(wins), dtype=bool)
    for _ in range(len(wins).bit_length()):
        reach = reach @ reach
    return bool(reach.all())


def groups(games: Numbers) -> list[list[int]]:
    """The models that chains of votes connect, as lists of places, the largest first."""
    reach = (games > 0) | np.eye(len(games), dtype=bool)
    for _ in range(len(games).bit_length()):
        reach = reach @ reach
    rows = {tuple(int(place) for place in np.flatnonzero(row)) for row in reach}
    return sorted((list(row) for row in rows), key=lambda row: (-len(row), row[0]))
