"""One typed settings object: the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.errors import BadInput

PROVIDER_KEYS = {
    "openrouter": ("OPENROUTER_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google": ("GEMINI_API_KEY", "GOOGLE_API_KEY"),
    "mistral": ("MISTRAL_API_KEY",),
}
"""The usual environment names of provider keys, by provider; the first that is set counts."""

PROVIDER_URLS = {"openai": "OPENAI_BASE_URL"}
"""The usual environment names of other addresses for a provider."""

_SECRET = frozenset(
    {
        "mongo_url",
        "postgres_url",
        "secret_key",
        "backup_passphrase",
        "embedding_key",
        "rerank_key",
        "brave_key",
        "tavily_key",
        "metrics_token",
    }
)

_PUBLIC = frozenset(
    {"admin", "change-me", "change_me", "changeit", "changeme", "default", "example", "hub", "llm-hub", "mongo"}
    | {"passw0rd", "password", "postgres", "root", "secret", "test"}
)
"""Passwords that stand in examples everywhere, and so protect nothing."""
_OWN_MACHINE = frozenset({"127.0.0.1", "localhost", "::1", None})


class Settings(BaseSettings):
    """Every setting of the hub, read from HUB_* variables and `.env`."""

    model_config = SettingsConfigDict(env_prefix="HUB_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Field(Path("data"), description="Folder of everything the hub keeps; made 0700.")
    host: str = Field("127.0.0.1", description="Address to listen on; other than loopback needs sign-in.")
    port: int = Field(8501, description="First port to try.")
    auth: Literal["auto", "on"] = Field("auto", description="`on` asks for sign-in on loopback too.")
    public_url: str = Field("", description="Address people use when it differs from host and port.")
    allowed_hosts: str = Field("", description="More host names that may be asked for, separated by commas.")
    mongo_url: str = Field("", description="A MongoDB server; empty starts an embedded one.")
    mongo_database: str = Field("hub", description="Name of the Mongo database.")
    postgres_url: str = Field("", description="A PostgreSQL server with pgvector; empty starts an embedded one.")
    secret_key: str = Field("", description="Key that encrypts stored secrets; empty makes one in the data folder.")
    backup_passphrase: str = Field("", description="Passphrase that encrypts backups; without one they hold no key.")
    migration_backups: int = Field(
        3, description="Backups made before migrations that stay in the data folder; 0 makes none."
    )
    connect_timeout: float = Field(10, description="Seconds to connect to a provider.")
    first_token_timeout: float = Field(120, description="Seconds until the first token.")
    idle_timeout: float = Field(60, description="Seconds between two tokens.")
    max_upload_mb: int = Field(50, description="Largest file that may be attached, in MB.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="`console` for people, `json` for machines; `auto` looks whether a terminal is there."
    )
    metrics_token: str = Field("", description="What Prometheus shows to read /metrics; empty keeps it closed.")
    otel_endpoint: str = Field(
        "",
        description="An OpenTelemetry collector for traces, such as http://127.0.0.1:4318; needs the extra `otel`.",
    )
    store_timeout: float = Field(3, description="Seconds until a store that does not answer counts as away.")
    shutdown_seconds: float = Field(15, description="Seconds that running answers and jobs get when the hub stops.")
    worker_jobs: int = Field(
        4, description="Jobs of one queue that one worker runs at the same time: follow-ups, evaluations, documents."
    )
    worker_agents: int = Field(
        32, description="Runs of agents in the background that one worker has under way; they mostly wait."
    )
    private_urls: bool = Field(
        False,
        description="Let everybody reach addresses in private networks, this machine included: documents, pages, "
        "interfaces and MCP servers.",
    )
    tools_hosts: str = Field(
        "",
        description="The only hosts that OpenAPI tools may reach (api.example.org,*.example.com); empty is any.",
    )
    searxng_url: str = Field("", description="A SearXNG server that serves JSON, for searching the web.")
    brave_key: str = Field("", description="Key for Brave Search, for searching the web.")
    brave_url: str = Field("https://api.search.brave.com/res/v1/web/search", description="Address of Brave Search.")
    tavily_key: str = Field("", description="Key for Tavily, for searching the web.")
    tavily_url: str = Field("https://api.tavily.com/search", description="Address of Tavily.")
    embedding_model: str = Field(
        "",
        description="Embedding model of search, by LiteLLM name; empty is a small one without network; or `none`.",
    )
    embedding_key: str = Field("", description="Key for the embedding model; empty takes the provider's own.")
    embedding_url: str = Field("", description="Address of the embedding model, where it is not the provider's own.")
    embedding_dimensions: int = Field(0, description="Dimensions to ask the embedding model for; 0 takes its own.")
    rerank_model: str = Field("", description="Model that sorts search results anew, by LiteLLM name; empty is none.")
    rerank_key: str = Field("", description="Key for the reranking model; empty takes the provider's own.")
    rerank_url: str = Field("", description="Address of the reranking model, where it is not the provider's own.")
    skills_dir: str = Field("", description="Folder of skills for everybody, read at start and when it changes.")
    discover_local: bool = Field(True, description="Look for Ollama, LM Studio, llama.cpp and vLLM on localhost.")

    @field_validator("secret_key")
    @classmethod
    def _own_key(cls, key: str) -> str:
        if key.lower() in _PUBLIC:
            raise ValueError("this value is known to everybody; take a random one (openssl rand -hex 24)")
        return key

    @field_validator("mongo_url", "postgres_url")
    @classmethod
    def _own_password(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            password, host = unquote(parts.password or ""), parts.hostname
        except ValueError:  # several servers in one address; the driver looks at it
            password, host = "", None
        if password.lower() in _PUBLIC and host not in _OWN_MACHINE:
            raise ValueError("its password is known to everybody; give the server a random one (openssl rand -hex 24)")
        return url

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the hub."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def sign_in_required(self) -> bool:
        """Whether people sign in; without it one owner is signed in."""
        return self.auth == "on" or not self.loopback

    def reaches_private(self, room: Literal["documents", "tools", "mcp"]) -> bool:
        """Whether everybody may reach private networks there. HUB_DOCUMENTS_PRIVATE_URLS and its like for tools and
        MCP, of the time before there was one setting, open what they opened and no more."""
        older = self._named(f"HUB_{room.upper()}_PRIVATE_URLS") or ""
        return self.private_urls or older.strip().lower() in {"1", "true", "yes", "on"}

    def provider_key(self, provider: str) -> str | None:
        """The key that the environment or `.env` gives for `provider`, if any."""
        return self._named(self.provider_variable(provider)) if self.provider_variable(provider) else None

    def provider_variable(self, provider: str) -> str:
        """The name of the variable that holds the key for `provider`, empty when none is set."""
        return next(filter(self._named, PROVIDER_KEYS.get(provider, ())), "")

    def provider_url(self, provider: str) -> str | None:
        """The address that the environment or `.env` gives for `provider` in place of its own, if any."""
        return self._named(PROVIDER_URLS.get(provider, ""))

    def variable(self, name: str) -> str | None:
        """The value of a variable that a person names, from the environment or `.env`."""
        return self._named(name)

    def _named(self, name: str) -> str | None:
        file = self.model_config.get("env_file")
        return os.environ.get(name) or (_dotenv(str(file)).get(name) if file and name else None) or None


@lru_cache(maxsize=1)
def _dotenv(path: str) -> dict[str, str | None]:
    return dotenv_values(path)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once; raises BadInput that names what is wrong."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        wrong = "; ".join(
            f"HUB_{str(one['loc'][0]).upper()}: {one['msg'].removeprefix('Value error, ')}" for one in error.errors()
        )
        raise BadInput(f"A setting cannot be used. {wrong}.", hint="See .env.example for what can be set.") from error


def override(**values: object) -> None:
    """Sets settings of this process and its children, such as the addresses of the embedded stores."""
    os.environ.update(_as_environment(values))
    settings.cache_clear()


def child_environment(**values: object) -> dict[str, str]:
    """The environment for a child process in which the settings `values` hold."""
    return {**os.environ, **_as_environment(values)}


_OWN = "HUB_SET_BY_ITSELF"
"""Names the settings that the hub has put into its own environment, so that they are not taken for a person's."""


def _as_environment(values: Mapping[str, object]) -> dict[str, str]:
    own = set(os.environ.get(_OWN, "").split(",")) - {""}
    own |= values.keys() - settings().model_fields_set
    return {_OWN: ",".join(sorted(own)), **{f"HUB_{name.upper()}": str(value) for name, value in values.items()}}


@dataclass(frozen=True, slots=True)
class Forced:
    """A setting that the environment or `.env` gives; `value` is "hidden" where it holds a secret."""

    variable: str
    value: str
    meaning: str


def forced() -> list[Forced]:
    """What a person has set through the environment or `.env`, in the order of the settings; provider keys last."""
    now, own = settings(), os.environ.get(_OWN, "").split(",")
    found = [
        Forced(f"HUB_{name.upper()}", "hidden" if name in _SECRET else str(getattr(now, name)), field.description or "")
        for name, field in Settings.model_fields.items()
        if name in now.model_fields_set and name not in own
    ]
    keys = [(provider, variable) for provider in PROVIDER_KEYS if (variable := now.provider_variable(provider))]
    return found + [Forced(variable, "hidden", f"Key of the connection to {provider}.") for provider, variable in keys]


def example() -> str:
    """The text of `.env.example`: every setting with what it means and what holds without it."""
    lines = ["# Copy to .env and change what you need. Real environment variables win over this file.", ""]
    for name, field in Settings.model_fields.items():
        lines += [
            f"# {field.description}",
            f"# HUB_{name.upper()}={'' if field.default is None else field.default}",
            "",
        ]
    lines += ["# Provider keys under their usual names make read-only connections."]
    lines += [f"# {names[0]}=" for names in PROVIDER_KEYS.values()]
    return "\n".join(lines) + "\n"
