"""Parameters that a server refuses: learned from its answer, left out from then on, and always said."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hub.models.blame import Reply
from hub.models.payload import CONTINUE, Body
from hub.models.types import Notice

_WORDS = {
    "temperature": "temperature",
    "top_p": "top-p",
    "max_tokens": "the limit of the answer's length",
    "max_completion_tokens": "the limit of the answer's length",
    "reasoning_effort": "reasoning effort",
    "reasoning": "reasoning effort",
    "seed": "seed",
    "stop": "stop words",
    "response_format": "JSON mode",
    "tools": "tools",
}
_SILENT = ("stream_options", "usage")
"""Only our bookkeeping needs these, so leaving them out takes nothing from the person."""
_OPTIONAL = (*_WORDS, *_SILENT)
_REFUSED = re.compile(
    r"(?i)unsupported|not supported|does ?n[o']t support|unrecognized|unknown|not permitted|not allowed|"
    r"extra (?:field|input)|invalid|unexpected|not available|incompatible|deprecated|cannot be|must be|only|too large|"
    r"forbidden|drop_params"
)
_PREFILL = re.compile(r"(?i)prefill|must end with a user message|last message must|final message.{0,20}user|prefix")
_OTHER_NAME = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}


@dataclass(slots=True)
class Refusals:
    """What one model at one address refuses, for the life of the process."""

    dropped: set[str] = field(default_factory=set[str])
    renamed: dict[str, str] = field(default_factory=dict[str, str])
    prefill: bool = True

    def learn(self, reply: Reply, sent: Body) -> bool:
        """Whether `reply` names something in `sent` that can be left out; then `apply` leaves it out."""
        if reply.status not in (400, 404, 422, 501):
            return False
        if self.prefill and _PREFILL.search(reply.words) and continues(sent):
            self.prefill = False
            return True
        name = _named(reply, sent)
        if name is None:
            return False
        other = _OTHER_NAME.get(name)
        if other and other in reply.detail and other not in self.dropped and other not in self.renamed:
            self.renamed[name] = other
        else:
            original = next((old for old, new in self.renamed.items() if new == name), name)
            self.dropped.add(original)
        return True

    def apply(self, made: Body) -> Body:
        """`made` without what is refused."""
        if not self.dropped and not self.renamed:
            return made
        return {self.renamed.get(name, name): value for name, value in made.items() if name not in self.dropped}

    def notices(self, made: Body) -> list[Notice]:
        """What to tell the person about the parameters of `made` (before `apply`) that are left out."""
        left_out = [_WORDS[name] for name in made if name in self.dropped and name in _WORDS]
        return [Notice(f"This model does not take {words}, so it was asked without.") for words in left_out]


_known: dict[tuple[str, str], Refusals] = {}


def refusals(address: str, model: str) -> Refusals:
    """What is known about `model` at `address`."""
    return _known.setdefault((address, model), Refusals())


def _named(reply: Reply, sent: Body) -> str | None:
    """The optional parameter that the reply complains of: its `param`, else the longest one among its words."""
    present = [name for name in _OPTIONAL if name in sent]
    param = reply.param.split(".")[0]
    if param in present:
        return param
    if not _REFUSED.search(reply.words):
        return None
    words = reply.words.lower()
    found = [name for name in present if re.search(rf"(?<![a-z_]){name}(?![a-z_])", words)]
    if not found and "tools" in present and re.search(r"tool use|tool calling|function calling|tool_choice", words):
        return "tools"
    return max(found, key=len, default=None)


def continues(sent: Body) -> bool:
    """Whether `sent` ends with an unfinished answer as it is."""
    last = sent["messages"][-1]
    return last["role"] == "assistant" and last.get("content") != CONTINUE
