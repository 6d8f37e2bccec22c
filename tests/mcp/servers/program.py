"""The server that is a program: `python -m tests.mcp.servers.program [NAME]`. With MCP_BROKEN it ends at once."""

from __future__ import annotations

import os
import sys

from tests.mcp.servers.offering import offering

if __name__ == "__main__":
    if broken := os.environ.get("MCP_BROKEN"):
        sys.exit(f"cannot go on with the key {broken}")
    offering(sys.argv[1] if len(sys.argv) > 1 else "program").run("stdio")
