"""Titles: the first words at once, and a better one from a cheap model when the person chose one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog

from hub import runs
from hub.chat import preferences, store
from hub.chat.records import Attachment
from hub.db.mongo import object_id
from hub.db.who import Who
from hub.models import catalogue
from hub.models.types import ChatMessage, ChatRequest, Params, TextPart

KIND = "title"
LONGEST = 60
EXCERPT = 1500
ASK = (
    "Write a title for this conversation: at most six words, in its language, no quotation marks, no full stop. "
    "Answer with the title only."
)
log = structlog.get_logger(__name__)


def first_words(text: str, files: Sequence[Attachment] = ()) -> str:
    """A title from the beginning of a message, cut at a word, without Markdown marks."""
    words = re.sub(r"^[#>\s]+|[*`]+", " ", text[: LONGEST * 4], flags=re.MULTILINE)
    line = " ".join("".join(c for c in words if c.isprintable() or c.isspace()).split())
    if not line:
        return files[0].name[:LONGEST] if files else "New chat"
    if len(line) <= LONGEST:
        return line
    cut = line[: LONGEST - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > LONGEST // 2 else cut).rstrip(" ,;:") + "…"


def begin(who: Who, conversation: str, asked: str, answer: str) -> None:
    """Asks the person's title model for a title, if one is set; the first words stand until it answers."""
    model = preferences.get(who).title_model
    if not model or not answer:
        return
    talk = f"User: {asked[:EXCERPT]}\n\nAssistant: {answer[:EXCERPT]}"
    messages = (ChatMessage("system", (TextPart(ASK),)), ChatMessage("user", (TextPart(talk),)))
    request = ChatRequest(messages, Params(max_tokens=400))
    target = runs.Target(model=model, prepare=lambda: request, label="Title")
    runs.start(who, KIND, [target], {"conversation": conversation})


def finish(run: runs.RunRecord, outcomes: Sequence[runs.Outcome]) -> None:
    """Sets the title that came, unless the person has given one meanwhile."""
    who = Who(run.owner, "")
    [outcome] = outcomes
    title = _tidy(outcome.text)
    if outcome.status != "done" or not title:
        log.info("title_not_made", run=run.id, status=outcome.status, kind=(outcome.error or {}).get("kind"))
        return
    found = store.conversation(who, run.context["conversation"])
    add = spent(who, outcome)
    changes = {} if found.get("title_edited") else {"title": title}
    store.update_conversation(who, object_id(run.context["conversation"]), changes, add=add)


def spent(who: Who, outcome: runs.Outcome) -> dict[str, float]:
    """What a side task (a title, a summary) adds to the sums of its conversation."""
    usage = outcome.usage
    if usage is None:
        return {}
    cost = catalogue.find(who, outcome.model).price.cost(usage)
    return {
        "totals.input": usage.input,
        "totals.output": usage.output,
        "totals.cached": usage.cached,
        "totals.reasoning": usage.reasoning,
        **({"totals.unpriced": 1} if cost is None else {"totals.cost": cost}),
    }


def _tidy(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return first_words(lines[-1].strip("\"'“”„«» .")) if lines else ""
