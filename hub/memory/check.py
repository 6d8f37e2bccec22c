"""What a proposed memory must pass before anything is stored, each check with its own refusal.

The same checks stand before what a model extracts and before what it remembers by a tool.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from hub import leaks
from hub.memory import sensitive, tense, times
from hub.memory.records import Refusal
from hub.memory.times import annotated
from hub.memory.words import content, names, negated, numbers, occurs, own, plain
from hub.search.embed import Embedder
from hub.search.words import language
from hub.turns import Said

SAME = 0.92
"""Cosine from which two facts with equal numbers and equal negation say the same."""
AGAINST = 0.6
"""Cosine from which a fact is like something that was never to be kept."""
NEAR = 0.3
"""Cosine from which a text that shares no word with its quote may still be what was said."""
_DAY = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_STAMP = re.compile(r"\s?\[\d{4}[^\]]*\]")
_IF = re.compile(
    r"\b(?:what if|suppose|supposing|imagine|hypothetical(?:ly)?|pretend|let'?s say|say i (?:were|was|had)|role-?play"
    r"|if i (?:were|was|had|could|won|ever|became|lived|moved)|(?:my|the) character|in my (?:novel|story|game|book)"
    r"|(?:story|novel|poem|scene) (?:in which|where) i"
    r"|angenommen|stell dir vor|w\u00e4re ich|h\u00e4tte ich|wenn ich .{0,60}(?:w\u00e4re|h\u00e4tte|w\u00fcrde)"
    r"|supposons|imagin(?:e|ons) que|si j'(?:\u00e9tais|avais)|et si|supongamos|imagina(?:te)?|si yo (?:fuera|tuviera)"
    r"|supponiamo|immagina|se (?:io )?fossi|suponha|se eu (?:fosse|tivesse))\b"
)
_JOKE = re.compile(
    r"\b(?:(?:just|only) (?:kidding|joking)|i'?m (?:kidding|joking)|kidding!|jk|as a joke|that was a joke|sarcasm"
    r"|(?:war )?(?:nur )?(?:ein )?(?:spa\u00df|scherz)|je (?:plaisante|rigole|blague)|(?:es|era) (?:una )?broma"
    r"|sto scherzando|brincadeira)\b"
)
_ASKS = re.compile(
    r"^the assistant\b|^the user (?:(?:is|was|has been) )?(?:asks?|asking|asked|wonder(?:s|ed|ing)?|inquir\w+"
    r"|(?:wants?|would like|wishes|needs?) (?:to know|help|the assistant to (?:write|explain|summari[sz]e|translate)"
    r"|an? (?:answer|summary|explanation|example|poem|list|translation)))\b"
)
_TASK = re.compile(
    r"(?:(?:please|can you|could you|would you|now:?) )*(?:suggest|recommend|write|make|give|tell|show|explain|list|fix"
    r"|help|summari[sz]e|translate|find|create|draft|calculate|compare|describe|rewrite|correct) \b"
)
_LASTING = re.compile(r"\b(?:always|never|from now on|every|in future|henceforth|remember)\b")


@dataclass(frozen=True, slots=True)
class Words:
    """What the person said themselves: `turns`, the newest first. Everything that is kept must stand on it."""

    turns: tuple[Said, ...]

    @classmethod
    def of(cls, asked: Said, before: Sequence[Said] = ()) -> Words:
        """The person's turns of an exchange."""
        return cls((asked, *(one for one in reversed(before) if one.role == "user")))

    def source(self, quote: str) -> Said | None:
        """The turn in which a quotation stands word for word, outside of what is itself quoted there."""
        return next((one for one in self.turns if occurs(quote, own(one.text))), None)

    def text(self) -> str:
        """Everything said, with the dates that it names written out."""
        return "\n".join(annotated(own(one.text), one.time) for one in self.turns)


def tidy(quote: str) -> str:
    """A quotation without the dates that the prompt put behind its words."""
    return _STAMP.sub("", quote).strip()


def asking(text: str, quote: str) -> Refusal | None:
    """Whether it is but what the person wants to know or have done now."""
    task = _TASK.match(plain(quote)) and not _LASTING.search(plain(quote))
    if quote.rstrip().endswith("?") or task or _ASKS.search(plain(text)):
        return Refusal("question", "It is what you asked for then, not something about you.", text)
    return None


def quoted(words: Words, quote: str) -> Said | Refusal:
    """The turn that a quotation is from, said in earnest."""
    source = words.source(quote)
    if source is None:
        return Refusal("quote", "The words it rests on are not yours.", quote)
    sentence = _sentence(plain(own(source.text)), plain(quote).strip(" .,;:!?\"'"))
    if _IF.search(sentence):
        return Refusal("hypothetical", "It was only supposed, not said to be so.", quote)
    if _JOKE.search(plain(source.text)):
        return Refusal("joke", "It was said as a joke.", quote)
    return source


def comes(source: Said, quote: str) -> bool | None:
    """Whether the sentence that a quotation is from tells of what is to come; None when it does not say."""
    said, part = plain(own(source.text)), plain(quote)
    at = max(said.find(part), 0)
    return tense.ahead(said, at, at)


def _sentence(said: str, quote: str) -> str:
    """The sentences around a quotation."""
    at = said.find(quote)
    begin = max((said.rfind(mark, 0, at) for mark in ".!?\n"), default=-1) + 1
    ends = [place for mark in ".!?\n" if (place := said.find(mark, at + len(quote))) >= 0]
    return said[begin : min(ends, default=len(said))]


def grounded(
    text: str, quote: str, words: Words, others: Sequence[str], embedder: Embedder | None, answer: str = ""
) -> Refusal | None:
    """Whether the numbers and names of `text` were said (or stand in `others`, the facts that it changes), and it says
    something near the quote rather than what stands in `answer`."""
    said = "\n".join((words.text(), *others))
    known = plain(said)
    tongue = language(f"{said}\n{text}", otherwise="english")
    for name in names(text) if tongue != "german" else ():  # there every noun has a capital letter
        if name not in known:
            return Refusal("grounded", "It names something that you did not say.", text)
    given = set(numbers(said)) | {part for one in words.turns for part in numbers(one.time.date().isoformat())}
    if tongue not in times.LANGUAGES:  # only the model could read "ayer"
        given |= {part for day in _DAY.findall(text) if _near(day, words.turns) for part in numbers(day)}
    parts = {part for number in given for part in re.split(r"\D", number)}
    for number in numbers(text):
        if len(number) > 1 and number not in given and number.lstrip("0") not in {one.lstrip("0") for one in parts}:
            return Refusal("grounded", "It has a number that you did not say.", text)
    mine = content(text) & content(said)
    theirs = (content(text) & content(answer)) - mine
    if len(theirs) >= 2 and len(theirs) > len(mine):
        return Refusal("grounded", "The assistant said it, not you.", text)
    if content(text) & (content(quote) | {one for other in others for one in content(other)}):
        return None
    if embedder is not None and alike(embedder, text, [quote])[0] >= NEAR:
        return None
    return Refusal("grounded", "It says something else than the words it rests on.", text)


def _near(day: str, turns: Sequence[Said]) -> bool:
    """Whether a day is within a year of one on which something was said."""
    found = times.day(day)
    return found is not None and any(abs((date.fromisoformat(found[0]) - one.time.date()).days) <= 366 for one in turns)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be kept: never what is secret, sensitive kinds only where wanted, nothing against a rule."""

    sensitive: bool = False
    rules: tuple[str, ...] = ()
    embedder: Embedder | None = field(default=None, compare=False)

    def refusal(self, text: str, quote: str = "", claimed: str = "") -> Refusal | None:
        """Why a text may not be kept. Refusals of what is delicate do not repeat it."""
        both = f"{text}\n{quote}"
        if kind := leaks.secret(both):
            return Refusal("secret", f"It holds {kind}.")
        kind = sensitive.kind_of(both, claimed)
        if kind and not self.sensitive:
            return Refusal(
                "sensitive", f"It is about {_SAID.get(kind, kind)}, which is kept only if you switch that on."
            )
        if rule := self._against(text):
            return Refusal("never", "You said never to keep things like this.", rule)
        return None

    def _against(self, text: str) -> str:
        said = content(text)
        for rule in self.rules:
            wanted = content(rule) - _SAYING
            if wanted and wanted <= said:
                return rule
        if self.embedder is None or not self.rules:
            return ""
        for rule, near in zip(self.rules, alike(self.embedder, text, self.rules), strict=True):
            if near >= AGAINST:
                return rule
        return ""


_SAYING = content("never remember keep store save anything things about like this user do not don't")
_SAID = {"union": "a trade union", "crime": "a crime", "health": "health", "sexuality": "sexuality"}


def alike(embedder: Embedder, text: str, others: Sequence[str]) -> list[float]:
    """The cosines of `text` with others."""
    vectors = embedder.embed([text, *others])
    return [float(one) for one in vectors[1:] @ vectors[0]]


def repeats(text: str, others: Sequence[str], embedder: Embedder | None) -> int | None:
    """Which of `others` says the same as `text` already: nearly the same meaning, equal numbers, equally negated."""
    if embedder is None or not others:
        return None
    near = alike(embedder, text, others)
    for place in sorted(range(len(others)), key=lambda one: -near[one]):
        if near[place] <= SAME:
            return None
        same = numbers(text) == numbers(others[place]) and names(text) == names(others[place])
        if same and negated(text) == negated(others[place]):
            return place
    return None
