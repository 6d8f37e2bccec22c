"""LLM Hub: a self-hosted, provider-independent LLM interface."""

__version__ = "0.1.0"
