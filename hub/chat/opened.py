"""Everything that the chat page shows, read in one go."""

from __future__ import annotations

from hub import hooks
from hub.chat import preferences, presets, prompts
from hub.chat.records import Opened
from hub.chat.window import open_window
from hub.db.who import Who
from hub.errors import NotFound
from hub.models import catalogue
from hub.models.types import ModelInfo


def opened(
    who: Who, conversation: str | None, *, limit: int = 40, model: str = "", at: str | None = None, below: int = 20
) -> Opened:
    """What is shown of `conversation`, around its message `at` if it is named, or of a new chat with `model`. A message
    that is not there is missed: the end of the chat is shown. Raises NotFound, StoreDown."""
    missed = False
    try:
        window = open_window(who, conversation, limit=limit, at=at, below=below) if conversation else None
    except NotFound:
        if at is None or conversation is None:
            raise
        window, missed = open_window(who, conversation, limit=limit), True
    models = catalogue.models(who)
    chosen = (window.conversation.model if window else model) or catalogue.default_model(who)
    found = next((one for one in models if one.id == chosen), None)
    if found is None:
        found = _unlisted(who, chosen)
        models = [*models, found] if found else models
    recent, likes = catalogue.recents(who), preferences.get(who)
    kept = presets.all_presets(who), prompts.all_prompts(who)
    notes = hooks.answer_notes(who, conversation) if conversation else {}
    return Opened(window, likes, models, recent, chosen, found, *kept, notes, missed)


def _unlisted(who: Who, model: str) -> ModelInfo | None:
    """A model whose name was typed and stands in no list; None when its connection is gone."""
    try:
        return catalogue.find(who, model)
    except NotFound:
        return None
