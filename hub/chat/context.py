"""From a branch to the prompt of one answer: newest messages first, whole, as many as the model's window takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from hub import files as file_store
from hub import hooks
from hub.chat import lineage, preferences, rows, store, summary
from hub.chat.attach import for_prompt
from hub.chat.given import Given
from hub.chat.records import Attachment, ContextUsed, Estimate, FileUse
from hub.db.mongo import Document
from hub.db.who import Who
from hub.models import catalogue, estimate
from hub.models.types import ChatMessage, ChatRequest, ModelInfo, Params, TextPart
from hub.models.window import room
from hub.runs import told

OVERHEAD = 6
"""Tokens that providers add to each message, roughly."""
MOST_SAID = 40
"""Messages above the question whose words count as said in this chat."""
SUMMARY_HEAD = "Summary of the conversation before the messages below:"


@dataclass
class Prompt:
    """A prompt while it grows, newest message first."""

    budget: int | None
    messages: list[ChatMessage] = field(default_factory=list[ChatMessage])
    tokens: int = 0
    files: list[FileUse] = field(default_factory=list[FileUse])
    left_out: int = 0
    summary: str = ""
    summary_of: str | None = None

    @property
    def remaining(self) -> int | None:
        """Tokens that still fit; None when the window is unknown."""
        return None if self.budget is None else max(0, self.budget - self.tokens)

    def add(self, message: ChatMessage, tokens: int, files: Sequence[FileUse] = ()) -> None:
        """Puts a message before those that are there."""
        self.messages.append(message)
        self.tokens += tokens
        self.files.extend(files)

    def fits(self, tokens: int) -> bool:
        """Whether so many tokens still go in; the newest message always does, the provider decides then."""
        return not self.messages or self.remaining is None or tokens <= self.remaining


def attachments(who: Who, files: Sequence[str]) -> tuple[Attachment, ...]:
    """The files as a message keeps them; raises NotFound."""
    if not files:
        return ()
    return tuple(
        Attachment(one.id, one.name, one.mime, one.size, one.kind, one.how, one.tokens, one.warning)
        for one in file_store.many(who, files)
    )


def prepare(
    who: Who, conversation: Document, asked: Document, answer: Document, info: ModelInfo, params: Params, given: Given
) -> ChatRequest:
    """The prompt of an answer to the message `asked`, read from the store above it, with what other rooms give.

    What the person should know about it is written on the answer. When old messages do not fit, they are summarised
    first, if that is wanted. Called in a thread of the run engine.
    """
    liked, guide = preferences.get(who), given.guide
    system = _joined(guide.instructions, conversation.get("system_prompt") or liked.system_prompt)
    earlier = islice(lineage.upward(who, asked, read=given.shared.messages), 1, MOST_SAID)
    said = [document["text"] for document in earlier if document["role"] == "user"]
    given.ask(_left(given.shared.room, system, asked), said)
    system = _joined(system, given.text("system"))
    before = given.text("turn")
    branch = lineage.upward(who, asked, read=given.shared.messages)
    end = told.tail(answer, pending=given.pending)
    prompt = gather(who, info, params, system, branch, end, before)
    notices = [*guide.notices, *given.notices]
    if prompt.left_out and liked.auto_compact and "veiled" not in answer:  # a summary says whose it is
        said = summary.compact_first(who, asked, info.id)
        notices.append(said)
        prompt = gather(who, info, params, system, lineage.upward(who, asked), end, before)
    if prompt.left_out:
        notices.append(_left_out_sentence(prompt.left_out))
    if prompt.budget is not None and prompt.tokens > prompt.budget:
        notices.append(f"The prompt is about {prompt.tokens:,} tokens long; the model takes {info.context:,}.")
    _record(who, answer, prompt, info, bool(system), notices, given)
    sees = info.abilities is None or "vision" in info.abilities
    return ChatRequest(
        in_order(prompt, system),
        params,
        given.specs,
        in_words=given.in_words,
        sees=sees,
        schema=guide.schema,
        takes_json=info.abilities is not None and "json" in info.abilities,
    )


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _left(room: int | None, system: str, asked: Document) -> int | None:
    """Tokens that are left beside the system prompt and the question."""
    taken = estimate.tokens(system) + (asked.get("tokens") or estimate.tokens(asked["text"]))
    return None if room is None else max(0, room - taken)


def gather(
    who: Who,
    info: ModelInfo,
    params: Params,
    system: str,
    branch: Iterator[Document],
    end: Sequence[ChatMessage] = (),
    before: str = "",
) -> Prompt:
    """Fills a prompt from a branch, newest first, until a summary, the root or the end of the window.

    `end` is what the answer that goes on has said and called, `before` what stands before the text of the newest
    message.
    """
    prompt = Prompt(room(info, params))
    prompt.tokens = estimate.tokens(system) if system else 0
    prompt.tokens += told.tokens(end) + OVERHEAD * len(end)
    for place, document in enumerate(branch):
        if place and "summary" in document:
            _begin_with(prompt, document)
            break
        if not prompt.left_out:
            _take(who, prompt, document, info, "" if place else before)
        elif _said(document):
            prompt.left_out += 1
    prompt.messages[:0] = reversed(end)
    return prompt


def _take(who: Who, prompt: Prompt, document: Document, info: ModelInfo, before: str) -> None:
    if not _said(document):
        return
    tokens = OVERHEAD + (document.get("tokens") or estimate.tokens(document["text"])) + estimate.tokens(before)
    if not prompt.fits(tokens):
        prompt.left_out += 1
        return
    # What tools made stands in their results; a provider takes no files from a model.
    files = tuple(Attachment(**file) for file in document.get("files", ()) if document["role"] == "user")
    limit = None if prompt.remaining is None else max(0, prompt.remaining - tokens)
    pieces = for_prompt(who, files, limit, vision=info.abilities is None or "vision" in info.abilities)
    text = document["text"] or "(no text)"
    parts = (*pieces.parts, *((TextPart(f"{before}\n\n"),) if before else ()), TextPart(text))
    prompt.add(ChatMessage(document["role"], parts), tokens + pieces.tokens, pieces.uses)


def _said(document: Document) -> bool:
    """Whether the message says anything; answers that failed before their first word do not."""
    return bool(document["text"] or (document["role"] == "user" and document.get("files")))


def _begin_with(prompt: Prompt, document: Document) -> None:
    text = document["summary"]["text"]
    needed = estimate.tokens(text) + OVERHEAD
    while len(prompt.messages) > 1 and prompt.remaining is not None and prompt.remaining < needed:
        dropped = prompt.messages.pop()
        prompt.tokens -= estimate.tokens(dropped.text) + OVERHEAD
        prompt.left_out += 1
    prompt.tokens += needed
    prompt.summary, prompt.summary_of = text, str(document["_id"])


def in_order(prompt: Prompt, system: str) -> tuple[ChatMessage, ...]:
    """The messages as they are sent, the system prompt and the summary at their head."""
    head = "\n\n".join(part for part in (system, prompt.summary and f"{SUMMARY_HEAD}\n{prompt.summary}") if part)
    first = [ChatMessage("system", (TextPart(head),))] if head else []
    return (*first, *reversed(prompt.messages))


def _left_out_sentence(count: int) -> str:
    what = "message did" if count == 1 else f"{count:,} messages did"
    return f"The oldest {what} not fit into the model's window and went in neither whole nor in part."


def _record(
    who: Who,
    answer: Document,
    prompt: Prompt,
    info: ModelInfo,
    system: bool,
    notices: Sequence[str],
    given: Given,
) -> None:
    """Writes what went in onto the answer, where there is more to tell than the messages themselves."""
    if not (prompt.files or prompt.left_out or prompt.summary_of or notices or given.blocks or given.guide.agent):
        return
    used = ContextUsed(
        tokens=prompt.tokens,
        window=info.context,
        messages=len(prompt.messages),
        left_out=prompt.left_out,
        summary_of=prompt.summary_of,
        files=tuple(prompt.files),
        system_prompt=system,
        blocks=given.uses,
    )
    changes: dict[str, Any] = {"context_used": rows.plain(used)}
    if given.guide.agent:
        changes["agents"] = {"agent": given.guide.agent, "draft": given.guide.draft}
    if given.sources:
        changes["sources"] = [rows.plain(source) for source in given.sources]
    if notices:
        changes["notices"] = list(notices)
    store.update_message(who, answer["_id"], changes)


def next_turn(
    who: Who,
    *,
    text: str,
    model: str,
    conversation: str | None = None,
    files: Sequence[str] = (),
    params: Params | dict[str, Any] | None = None,
    system_prompt: str = "",
) -> Estimate:
    """Estimates the prompt that sending this text would make; `system_prompt` is that of a chat not stored yet."""
    info = catalogue.find(who, model)
    home = store.conversation(who, conversation) if conversation else None
    leaf = lineage.leaf_of(who, home) if home else None
    draft: Document = {
        "_id": None,
        "role": "user",
        "text": text,
        "files": [rows.plain(one) for one in attachments(who, files)],
    }
    branch = iter((draft,)) if leaf is None else _before(draft, lineage.upward(who, leaf))
    liked = preferences.get(who)
    guide = hooks.guide(who, (home or {}).get("attached", {}))
    own = (home or {}).get("system_prompt") or system_prompt or liked.system_prompt
    system = _joined(guide.instructions, own)
    prompt = gather(who, info, rows.params(params), system, branch)
    price = info.price.input
    cost = None if price is None else prompt.tokens * price / 1_000_000
    notes = _ahead(prompt, set(files), summarised=liked.auto_compact)
    return Estimate(prompt.tokens, info.context, cost, prompt.left_out, notes)


def _ahead(prompt: Prompt, files: set[str], *, summarised: bool) -> tuple[str, ...]:
    """What of the next turn will not go in whole, in sentences: some of its `files`, older messages."""
    cut = [use for use in prompt.files if use.file in files and use.how in {"shortened", "left_out"}]
    said = [f"{use.name} {'goes in shortened' if use.how == 'shortened' else 'does not go in'}." for use in cut]
    if len(said) > 1:
        gone = sum(use.how == "left_out" for use in cut)
        rest = f", {gone} of them not at all" if gone else ""
        said = [f"{len(cut)} of {len(files)} files do not go in whole{rest}."]
    if prompt.left_out:
        what = "1 older message does" if prompt.left_out == 1 else f"{prompt.left_out:,} older messages do"
        then = "A summary is made first." if summarised else "They are left out."
        said.append(f"{what} not fit any more. {then}")
    return tuple(said)


def _before(first: Document, rest: Iterator[Document]) -> Iterator[Document]:
    yield first
    yield from rest
