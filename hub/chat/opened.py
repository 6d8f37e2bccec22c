"""Everything that the chat page shows, read in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.chat import preferences, presets, prompts
from hub.chat.records import Message, Preferences, Preset, Prompt, Window
from hub.chat.window import open_window
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import catalogue
from hub.models.types import ModelInfo


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation, or with `window` None a new chat. `chosen` is the id of the model that answers next; `model` is
    that model, None when its connection is gone. `models` has it in any case, listed or not."""

    window: Window | None
    likes: Preferences
    models: Sequence[ModelInfo]
    recent: Sequence[str]
    chosen: str
    model: ModelInfo | None
    presets: Sequence[Preset]
    prompts: Sequence[Prompt]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that are shown."""
        return self.window.messages if self.window else ()

    @property
    def running(self) -> tuple[str, ...]:
        """The runs that still write into them."""
        return self.window.running if self.window else ()


def opened(who: Who, conversation: str | None, *, limit: int = 40, model: str = "") -> Opened:
    """What is shown of `conversation`, or of a new chat with `model`; raises NotFound, StoreDown."""
    window = open_window(who, conversation, limit=limit) if conversation else None
    models = catalogue.models(who)
    chosen = (window.conversation.model if window else model) or catalogue.default_model(who)
    found = next((one for one in models if one.id == chosen), None)
    if found is None:
        found = _unlisted(who, chosen)
        models = [*models, found] if found else models
    recent, likes = catalogue.recents(who), preferences.get(who)
    return Opened(window, likes, models, recent, chosen, found, presets.all_presets(who), prompts.all_prompts(who))


def _unlisted(who: Who, model: str) -> ModelInfo | None:
    """A model whose name was typed and stands in no list; None when its connection is gone."""
    try:
        return catalogue.find(who, model)
    except NotFound:
        return None
