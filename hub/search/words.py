"""The words of a text: its language, and a form of it that PostgreSQL can cut into words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import import_module
from typing import Any

_CONFIGURATIONS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "da": "danish", "nl": "dutch", "en": "english",
    "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali", "no": "norwegian",
    "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian",
    "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
"""PostgreSQL's stemming configurations by ISO 639-1 code."""

PLAIN = "simple"
"""The configuration that neither stems nor leaves out words."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003134f]+"
)
"""Runs of Thai, Lao, Burmese, Khmer, Japanese, Chinese and Korean: without spaces, or with particles glued on."""


def cut(text: str) -> str:
    """`text` normalised (NFKC), unspaced scripts as overlapping pairs of characters, null bytes gone."""
    plain = unicodedata.normalize("NFKC", text).replace("\0", " ")
    return _UNSPACED.sub(lambda run: f" {_pairs(run[0])} ", plain)


def _pairs(run: str) -> str:
    return run if len(run) < 2 else " ".join(run[start : start + 2] for start in range(len(run) - 1))


def language(text: str, *, otherwise: str = PLAIN) -> str:
    """The configuration for the language of `text`; `otherwise` where it is too short or unclear to tell."""
    sample = text[:2000]
    if len(sample) < 24 or _UNSPACED.search(sample):
        return PLAIN if _UNSPACED.search(sample) else otherwise
    return _told(sample) or otherwise


@lru_cache(maxsize=8192)
def _told(sample: str) -> str:
    """Remembered, because a conversation that grows is looked at again and again. Empty: not sure."""
    code, sure = _identifier().classify(sample)
    return _CONFIGURATIONS.get(code, PLAIN) if sure >= 0.8 else ""


@lru_cache(maxsize=1)
def _identifier() -> Any:
    library: Any = import_module("py3langid.langid")
    return library.LanguageIdentifier.from_model_file(library.MODEL_FILE, norm_probs=True)
