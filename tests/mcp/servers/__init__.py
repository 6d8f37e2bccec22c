"""Real MCP servers, built with the SDK: a program, streamable HTTP, and HTTP behind a sign-in."""
