"""What the fake provider answers besides chat: lists of models, key checks, and the habits of local servers."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.documented import PAGES

Json = dict[str, Any]
NAMES = (
    "fake",
    "fake-echo",
    "fake-reasoning",
    "fake-tools",
    "fake-image",
    "fake-slow",
)


def answer(flavour: str, path: str, body: Any, sent_key: str, key: str, models: int = 0) -> tuple[int, Any]:
    """Status and body for `path`, a text for a page of HTML; 404 for what this flavour does not serve. `models` is how
    many more models the list has."""
    path, _, query = path.partition("?")
    documented = PAGES.get((flavour, path))
    if documented is not None and sent_key == key:
        return 200, documented(dict(parse_qsl(query)))
    if flavour == "website" and not path.startswith("/api/v1"):
        return 200, "<!doctype html><html><body>Welcome</body></html>"
    path = path.removeprefix("/api") if path.startswith("/api/v1") else path
    open_list = flavour == "openrouter" and path == "/v1/models"
    if key and sent_key != key and not open_list:
        return 401, {"error": {"message": f"Incorrect API key provided: {sent_key}", "code": "invalid_api_key"}}
    if path == "/v1/models":
        names = () if flavour == "empty" else (*NAMES, *(many(number) for number in range(models)))
        return 200, {"object": "list", "data": [_model(flavour, name) for name in names]}
    found = _SPECIAL.get((flavour, path))
    if found is not None:
        return found(body)
    return 404, {"error": {"message": f"Invalid URL ({path})", "code": None}}


def many(number: int) -> str:
    """The name of one of many models; they come in ten makes."""
    return f"{_MAKES[number % 10]}-{number // 10 + 1}b"


_MAKES = ("amber", "birch", "cedar", "dune", "ember", "fjord", "grove", "heron", "iris", "juniper")


def _model(flavour: str, name: str) -> Json:
    owners = {"ollama": "library", "llamacpp": "llamacpp", "lmstudio": "organization_owner", "vllm": "vllm"}
    model: Json = {"id": name, "object": "model", "created": 1, "owned_by": owners.get(flavour, "fake")}
    if flavour == "vllm":
        model["max_model_len"] = 16384
    if flavour == "llamacpp":
        model["meta"] = {"n_ctx_train": 131072, "n_params": 1}
    if flavour == "openrouter":
        free = name == "fake-echo"
        model |= {
            "id": f"vendor/{name}",
            "name": f"Vendor: {name.title()}",
            "context_length": 64000,
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "pricing": {"prompt": "0" if free else "0.000001", "completion": "0" if free else "0.000002"},
            "top_provider": {"context_length": 64000, "max_completion_tokens": 8000},
            "supported_parameters": ["temperature", "max_tokens", "tools", "reasoning", "response_format"],
        }
        if name == "fake-slow":
            model["pricing"] = {"prompt": "-1", "completion": "-1"}
    return model


def _exchange(body: Json) -> tuple[int, Json]:
    if body.get("code") != "good-code":
        return 403, {"error": {"message": "Invalid code or code_verifier", "code": 403}}
    return 200, {"key": "sk-or-v1-fresh", "user_id": "user_1", "verifier": body.get("code_verifier")}


_SPECIAL: dict[tuple[str, str], Any] = {
    ("openrouter", "/v1/key"): lambda _: (200, {"data": {"label": "sk-or-v1-abc...", "limit_remaining": 4.2}}),
    ("openrouter", "/v1/auth/keys"): _exchange,
    ("ollama", "/api/version"): lambda _: (200, {"version": "0.12.0"}),
    ("ollama", "/api/tags"): lambda _: (200, {"models": [{"name": name} for name in NAMES]}),
    ("ollama", "/api/show"): lambda _: (
        200,
        {"model_info": {"llama.context_length": 32768}, "capabilities": ["completion", "tools", "vision"]},
    ),
    ("llamacpp", "/props"): lambda _: (
        200,
        {"default_generation_settings": {"n_ctx": 4096}, "modalities": {"vision": True, "audio": False}},
    ),
    ("lmstudio", "/api/v0/models"): lambda _: (
        200,
        {
            "data": [
                {"id": name, "type": "vlm", "max_context_length": 40960, "loaded_context_length": 8192}
                for name in NAMES
            ]
        },
    ),
}
