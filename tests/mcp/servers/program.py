"""The server that is a program: `python -m tests.mcp.servers.program [NAME]`.

With MCP_BROKEN it ends at once; with MCP_ONCE, the path of a file, it runs only if there is no such file when it
starts, which it then makes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.mcp.servers.offering import offering

if __name__ == "__main__":
    if broken := os.environ.get("MCP_BROKEN"):
        sys.exit(f"cannot go on with the key {broken}")
    if once := os.environ.get("MCP_ONCE"):
        try:
            Path(once).touch(exist_ok=False)
        except FileExistsError:
            sys.exit("the disk that it needs is gone")
    offering(sys.argv[1] if len(sys.argv) > 1 else "program").run("stdio")
