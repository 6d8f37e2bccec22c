"""One typed settings object: the only reader of the environment."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PROVIDER_KEYS = {
    "openrouter": "OPENROUTER_API_KEY",
    "openai": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
    "google": "GEMINI_API_KEY",
    "mistral": "MISTRAL_API_KEY",
}
"""The usual environment names of provider keys, by provider."""


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
    connect_timeout: float = Field(10, description="Seconds to connect to a provider.")
    first_token_timeout: float = Field(120, description="Seconds until the first token.")
    idle_timeout: float = Field(60, description="Seconds between two tokens.")
    max_upload_mb: int = Field(50, description="Largest file that may be attached, in MB.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    discover_local: bool = Field(True, description="Look for Ollama, LM Studio, llama.cpp and vLLM on localhost.")

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the hub."""
        return self.host in {"127.0.0.1", "localhost", "::1"}

    @property
    def sign_in_required(self) -> bool:
        """Whether people sign in; without it one owner is signed in."""
        return self.auth == "on" or not self.loopback

    def provider_key(self, provider: str) -> str | None:
        """The key that the environment gives for `provider`, if any."""
        return os.environ.get(PROVIDER_KEYS.get(provider, "")) or None


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # pyright: ignore[reportCallIssue]
