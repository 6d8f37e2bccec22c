"""Prompts and providers of a promptfoo config."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, cast

import yaml

from hub.evals.reading import tree
from hub.evals.reading.imported import Beside, Heard
from hub.evals.reading.text import decoded
from hub.evals.records import AS_WRITTEN, Asked, Template
from hub.models.types import Params

_CODE = ("py", "js", "mjs", "cjs", "ts", "mts", "sh", "j2")
_PARAMETERS = {"temperature", "top_p", "max_tokens", "seed", "stop", "reasoning_effort"}
_ALSO: dict[str, str] = {
    "maxTokens": "max_tokens",
    "maxOutputTokens": "max_tokens",
    "max_output_tokens": "max_tokens",
    "max_completion_tokens": "max_tokens",
    "topP": "top_p",
    "stopSequences": "stop",
}
"""What providers call the same."""
_WAYS = {"chat", "messages", "responses", "completion", "converse", "openai"}
"""What may stand between provider and model."""
_NO_MODEL = ("exec", "file", "http", "https", "python", "webhook", "ws", "wss", "browser", "package", "golang", "mcp")
_STATEMENT = re.compile(r"\{%.*?%\}|\{\{[^{}]*[|(\[][^{}]*\}\}", re.DOTALL)
_SPACES = re.compile(r"\{\{-?\s*([\w.]+)\s*-?\}\}")


def templates(name: str, node: yaml.Node | None, beside: Beside | None, heard: Heard) -> tuple[Template, ...]:
    """The templates of `prompts`, each with a name of its own."""
    nodes = [node] if isinstance(node, yaml.ScalarNode) else tree.items(node) if node is not None else []
    found = [one for inner in nodes for one in _prompt(name, inner, beside, heard)]
    named: dict[str, Template] = {}
    for number, (label, turns, system) in enumerate(found, 1):
        free = label or f"Prompt {number}"
        if free in named:
            free = f"{free} ({number})"
        named[free] = Template(free, turns, system)
    return tuple(named.values()) or (AS_WRITTEN,)


def models(name: str, node: yaml.Node | None, heard: Heard) -> tuple[Asked, ...]:
    """The models of `providers`, a list or a single one, by the names that providers have for them."""
    nodes = (
        [node] if isinstance(node, yaml.ScalarNode | yaml.MappingNode) else tree.items(node) if node is not None else []
    )
    return tuple(asked for one in nodes if (asked := _model(name, one, heard)) is not None)


def _prompt(
    name: str, node: yaml.Node, beside: Beside | None, heard: Heard
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    where = f"{name}, line {tree.line(node)}"
    given: Any = tree.words(name, node)
    parts = cast(dict[str, Any], given) if isinstance(given, dict) else {"raw": given}
    label = str(parts.get("label") or "")
    source = str(parts.get("raw") or parts.get("id") or "")
    for key in sorted(parts.keys() - {"raw", "id", "label"}):
        heard.say(f"{where}: {key} of a prompt was not taken.")
    path = source.removeprefix("file://")
    if source.startswith("file://") or ("\n" not in source and re.fullmatch(r"\S+\.(txt|json|md|ya?ml|py|js)", source)):
        if beside is None or path.rpartition(".")[2] in _CODE or "*" in path:
            heard.say(f"{where}: the prompt in {path} was not taken.")
            return
        label = label or PurePosixPath(path).stem
        text = decoded(path, beside(path), heard)
        if path.endswith((".yaml", ".yml")):
            chat: Any = tree.words(path, tree.tree(path, text))
            texts = [chat if isinstance(chat, str) else json.dumps(chat, ensure_ascii=False)]
        else:
            texts = re.split(r"^---$\n?", text, flags=re.MULTILINE)
    else:
        texts = [source]
    for text in filter(str.strip, texts):
        turns, system = _chat(text, where, heard)
        for said in (*turns, system):
            if found := _STATEMENT.search(said):
                heard.say(f"{where}: {found[0][:60]} is sent as it is written; only {{{{name}}}} is filled in.")
        yield label, tuple(map(_tidy, turns)), _tidy(system)


def _chat(text: str, where: str, heard: Heard) -> tuple[tuple[str, ...], str]:
    """The turns and system prompt of a prompt, which may be a list of messages as JSON."""
    try:
        messages: Any = json.loads(text) if text.lstrip().startswith("[") else None
    except (json.JSONDecodeError, RecursionError):  # text that begins with a bracket
        messages = None
    if not isinstance(messages, list):
        return (text.strip(),), ""
    turns: list[str] = []
    system: list[str] = []
    for one in cast(list[Any], messages):
        message = cast(dict[str, Any], one) if isinstance(one, dict) else {"content": one}
        role, content = message.get("role", "user"), message.get("content")
        if role in ("system", "developer") and isinstance(content, str):
            system.append(content)
        elif role == "user" and isinstance(content, str):
            turns.append(content)
        else:
            heard.say(f"{where}: a message of role {role} in a prompt was not taken.")
    return tuple(turns), "\n\n".join(system)


def _tidy(text: str) -> str:
    return _SPACES.sub(lambda found: "{{" + found[1] + "}}", text)


def _model(name: str, node: yaml.Node, heard: Heard) -> Asked | None:
    where = f"{name}, line {tree.line(node)}"
    given: Any = tree.value(name, node)
    if isinstance(given, dict):
        parts = cast(dict[str, Any], given)
        if "id" not in parts and len(parts) == 1:
            ((key, inner),) = parts.items()
            parts = {"id": key, **(cast(dict[str, Any], inner) if isinstance(inner, dict) else {})}
    else:
        parts = {"id": given}
    source = str(parts.get("id", ""))
    kind, _, rest = source.partition(":")
    if not source or kind in _NO_MODEL or source == "echo":
        heard.say(f"{where}: the provider {source or 'without an id'} was not taken: it is no model.")
        return None
    for key in sorted(parts.keys() - {"id", "label", "config"}):
        heard.say(f"{where}: {key} of the provider {source} was not taken.")
    model = rest
    while model.partition(":")[0] in _WAYS and ":" in model:
        model = model.partition(":")[2]
    return Asked(model or kind, _params(parts.get("config"), where, heard), str(parts.get("label") or ""))


def _params(config: Any, where: str, heard: Heard) -> Params:
    written = cast(dict[str, Any], config) if isinstance(config, dict) else {}
    given = {_ALSO.get(key, key): one for key, one in written.items()}
    for key in sorted(given.keys() - _PARAMETERS):
        heard.say(f"{where}: the setting {key} of a provider was not taken.")
    taken = {key: one for key, one in given.items() if key in _PARAMETERS and _fits(key, one)}
    for key in sorted((given.keys() & _PARAMETERS) - taken.keys()):
        heard.say(f"{where}: {key}: {given[key]} cannot be used.")
    if isinstance(taken.get("stop"), list):
        taken["stop"] = tuple(map(str, taken["stop"]))
    return Params(**taken)


def _fits(key: str, value: Any) -> bool:
    if key == "stop":
        return isinstance(value, list)
    if key == "reasoning_effort":
        return value in ("minimal", "low", "medium", "high")
    whole = key in ("max_tokens", "seed")
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool)
