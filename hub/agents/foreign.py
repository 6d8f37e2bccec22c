"""Agents of other programs, as far as their files say the same: LibreChat's agents and Open WebUI's models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

Plain = dict[str, Any]
_PARAMS = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "seed": "seed",
}


def read(given: Plain) -> Plain | None:
    """The fields of an AgentSpec in what another program wrote; None when it is of none that is known."""
    if "base_model_id" in given or ("meta" in given and "params" in given):
        return _open_webui(given)
    if "instructions" in given and ("provider" in given or "model_parameters" in given):
        return _librechat(given)
    return None


def _librechat(given: Plain) -> Plain:
    return {
        "name": given.get("name") or "Imported agent",
        "description": given.get("description") or "",
        "instructions": given.get("instructions") or "",
        "model": given.get("model") or "",
        "params": _params(given.get("model_parameters")),
        "tools": given.get("tools"),
        "starters": given.get("conversation_starters") or (),
        "limits": {"steps": given.get("recursion_limit") or 25},
    }


def _open_webui(given: Plain) -> Plain:
    meta, params = _object(given.get("meta")), _object(given.get("params"))
    starters: Any = meta.get("suggestion_prompts")
    texts = [_object(one).get("content") for one in cast("Sequence[Any]", starters or ()) if isinstance(one, dict)]
    return {
        "name": given.get("name") or "Imported agent",
        "description": meta.get("description") or "",
        "instructions": params.get("system") or "",
        "model": given.get("base_model_id") or "",
        "params": _params(params),
        "tools": meta.get("toolIds"),
        "starters": [text for text in texts if text],
    }


def _params(given: Any) -> Plain:
    values: Mapping[str, Any] = _object(given)
    return {ours: values[theirs] for theirs, ours in _PARAMS.items() if values.get(theirs) is not None}


def _object(given: Any) -> Plain:
    return cast("Plain", given) if isinstance(given, dict) else {}
