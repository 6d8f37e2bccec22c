"""Options that take several words after one flag, which typer has not: `--model a b --model c,d`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand

_MODEL = "--model"


class ModelsCommand(TyperCommand):
    """A command with an argument and `--model NAME...`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As any command, once each model has a flag of its own."""
        valued = {name for one in self.params if not getattr(one, "is_flag", False) for name in one.opts}
        return super().parse_args(ctx, spread(args, valued))


def spread(args: Sequence[str], valued: set[str]) -> list[str]:
    """The words with a `--model` before each model. What stands after `--model` up to the next option are models; where
    the command's argument stands nowhere else, it is the last of them. `valued` are options that take a word."""
    found: list[str] = []
    models: list[str] = []
    bare, waiting, naming = False, False, False
    for place, word in enumerate(args):
        if word == "--":
            bare = bare or place + 1 < len(args)
            found += args[place:]
            break
        if waiting:
            waiting = False
            found.append(word)
        elif word.partition("=")[0] == _MODEL:
            naming = True
            models += word.partition("=")[2:] if "=" in word else ()
        elif word.startswith("-") and word != "-":
            naming, waiting = False, word in valued
            found.append(word)
        elif naming:
            models.append(word)
        else:
            bare = True
            found.append(word)
    rest = [models.pop()] if len(models) > 1 and not bare else []
    return [*(part for one in models for part in (_MODEL, one)), *rest, *found]
