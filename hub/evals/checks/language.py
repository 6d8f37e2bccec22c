"""Whether the answer is in a language."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import Any, ClassVar

from pydantic import Field, field_validator

from hub.evals.checks.base import CannotTell, Found, Plain, Subject, filled, places

_CODES = frozenset(
    """
    af am an ar as az be bg bn br bs ca cs cy da de dz el en eo es et eu fa fi fo fr ga gl gu he hi hr ht hu hy id is
    it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt nb ne nl nn no oc or pa pl ps pt qu ro ru rw se si
    sk sl sq sr sv sw ta te th tl tr ug uk ur vi vo wa xh zh zu
    """.split()  # noqa: SIM905
)
_NOT_WORDS = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|\$\$.*?\$\$", re.DOTALL)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FEWEST = 24
"""Letters below which a text may be in several languages; a third of them where a letter is a syllable or a word."""
_SURE = 0.8
_READ = 2000
_NORWEGIAN = {"nb", "nn", "no"}


class Language(Plain):
    """By py3langid, without code, addresses and formulas."""

    TITLE: ClassVar[str] = "Language"
    SAYS: ClassVar[str] = "The answer is written in this language."

    kind: ClassVar[str] = "language"
    value: str = Field(title="Language", description="Two letters, such as en, de, fr or zh; or a {{variable}}.")

    @field_validator("value")
    @classmethod
    def _known(cls, given: str) -> str:
        if places(given):
            return given
        code = given.strip().lower()
        if code not in _CODES:
            raise ValueError(f"“{given}” is no language that can be told: write two letters such as en, de or zh.")
        return code

    @property
    def slow(self) -> bool:
        """Yes."""
        return True

    def look(self, subject: Subject) -> Found:
        """Raises CannotTell for a text that is too short or too mixed."""
        wanted = filled(self.value, subject).strip().lower()
        text = " ".join(_NOT_WORDS.sub(" ", subject.text[: 4 * _READ]).split())[:_READ]
        letters = sum(map(str.isalpha, text))
        if letters * (3 if _UNSPACED.search(text) else 1) < _FEWEST:
            raise CannotTell("The answer is too short to tell its language.")
        code, sure = _identifier().classify(text)
        passed = code == wanted or {code, wanted} <= _NORWEGIAN
        if not passed and sure < _SURE:
            raise CannotTell(f"Its language is not clear: {code} seems nearest.")
        return Found(passed, f"It reads as {code}.")


@lru_cache(maxsize=1)
def _identifier() -> Any:
    library: Any = import_module("py3langid.langid")
    return library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
