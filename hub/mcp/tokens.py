"""What people got when they signed in at servers, encrypted."""

from __future__ import annotations

from hub.oauth import Keeper

keeper = Keeper("mcp_tokens", "server")
