"""Which models are there to chat with, and which do something else: LiteLLM's map knows many, names tell the rest."""

from __future__ import annotations

import re

from hub.models import prices

OTHER_TYPES = frozenset(
    {"embedding", "embeddings", "moderation", "rerank", "image", "audio", "video", "transcribe", "transcription"}
)
"""Values of `type` in lists of models, such as Together's, that no model to chat with has."""

_CHAT_MODES = {"chat", "responses", "completion"}
_IMAGE_MODES = {"image_generation", "image_edit"}
_NAMES = re.compile(
    r"""(?ix) (?: ^ | [-_/.:] ) (?:
      embed (?: ding s? | der )? | bge | gte | minilm | rerank (?: er )?    # for searching
    | whisper | tts | transcribe | transcription | realtime | lyria         # for sound
    | dall-e | (?: chat )? gpt-image | imagen | stable-diffusion | sdxl | flux | sora | veo   # for pictures
    | moderation | aqa | babbage | davinci | gpt-3[.]5-turbo-instruct
    ) (?= $ | [-_/.:\d] )
    | ^ container $   # OpenAI's price of a session of code, which the map has among the models"""
)
_READERS = re.compile(r"(?i)(?:^|[-_/.:])ocr(?=$|[-_/.:\d])")
"""Readers of scanned pages; some of them do chat."""


def chats(name: str, map_name: str, *, answers_in_text: bool = False) -> bool:
    """Whether the model `name` of the provider that LiteLLM's map calls `map_name` is one to chat with; True when
    nobody knows. One that makes images counts when its provider says that it `answers_in_text` as well. The map takes
    some models for chat models whose names say better."""
    mode = prices.mode(map_name, name)
    if _NAMES.search(name):
        return False
    if mode in _IMAGE_MODES:
        return answers_in_text
    return mode in _CHAT_MODES if mode else not _READERS.search(name)


def named_otherwise(name: str) -> bool:
    """Whether a model with this name is known to do something else."""
    return bool(_NAMES.search(name) or _READERS.search(name))
