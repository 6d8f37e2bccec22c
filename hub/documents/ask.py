"""A question answered from documents alone, outside of any chat."""

from __future__ import annotations

from collections.abc import Sequence

from hub.db.who import Who
from hub.documents import context, find
from hub.documents.records import Asked
from hub.models import catalogue, estimate
from hub.models.blocking import wait_for
from hub.models.resolve import open_model
from hub.models.types import ChatMessage, ChatRequest, TextPart
from hub.turns import Citations, Source

NO_MODEL = "No model is connected that could put it into words. The passage that fits best says:"


def ask(who: Who, question: str, chosen: Sequence[str], model: str, *, most: int | None = None) -> Asked:
    """Searches and has `model` answer from the passages; where they hold nothing no model is asked, and that is said.
    Without a model of the person's (the demo knows nothing) the best passage stands as the answer.

    Raises BadInput without a question, StoreDown without the index, ModelError with what the model says.
    """
    found = find.search(who, question, chosen, most=most, merged=True)
    if found.strange or (not found.answered and model == catalogue.DEMO_ID):
        return Asked(question, context.NOT_FOUND, False, "", found)
    if model == catalogue.DEMO_ID:
        quoted = found.passages[0].text.replace("\n", "\n> ")
        return Asked(question, f"{NO_MODEL}\n\n> {quoted} [1]", True, "", found)
    doubt = "" if found.answered else f" {context.DOUBT}"
    shown = context.presented(_fitting(sources(found.passages)))
    text = f"{context.HEAD}{doubt}\n\n{shown}\n\nQuestion: {question}"
    request = ChatRequest((ChatMessage("user", (TextPart(text),)),))
    answer = wait_for(open_model(who, model).complete(request)).text.strip()
    return Asked(question, answer, not answer.startswith(context.NOT_FOUND[:-1]), model, found)


def sources(passages: Sequence[context.Found]) -> list[Source]:
    """The passages with the numbers by which the answer cites them."""
    numbers = Citations()
    return [numbers.cite(context.source(one)) for one in passages]


def _fitting(given: Sequence[Source]) -> list[Source]:
    kept: list[Source] = []
    left = context.USUAL_BUDGET
    for one in given:
        left -= estimate.tokens(one.text)
        if left < 0 and kept:
            break
        kept.append(one)
    return kept
