"""Routes of signing in at interfaces that are described by OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping

from hub import oauth
from hub.db.who import Who
from hub.tools import openapi
from hub.web.sign_ins import SignIns

PAGE = "/interfaces"


def _finish(who: Who, sent: Mapping[str, str]) -> str:
    openapi.finish(who, sent.get("state", ""), sent.get("code", ""), oauth.reason(sent))
    return PAGE


interfaces = SignIns(openapi.SIGN_IN_PATH, "api", PAGE, "Back to the interfaces", openapi.begin, _finish)
"""GET /api/tools/oauth/start?api=ID and GET /api/tools/oauth/callback."""
