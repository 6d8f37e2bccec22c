"""The web side: routes, the middleware that finds out who asks, start and end of the process.

| route | what |
|---|---|
| POST /api/runs | stores a turn, starts its run |
| GET /api/runs/{run} | its record |
| GET /api/runs/{run}/events?from=n&render=1 | its events as server-sent events |
| POST /api/runs/{run}/cancel?target=n | stops it, or one of its models |
| GET /api/events?run=a&run=b&from=n&from=m&render=1 | the events of several runs in one stream |
| POST /api/comparisons, GET /api/comparisons/{id}, POST .../turns, .../panes/{pane}/... | several models side by side |
| PATCH, DELETE /api/queue/{id} | edits or drops a message that waits |
| POST /api/estimate | tokens and price of the next turn |
| POST /api/files, GET /api/files/{id} | attachments |
| GET /api/conversations, /api/projects, /api/models | lists |
| GET /api/search | search over everything |
| GET /api/conversations/{id} | one conversation with the messages of its open branch |
| GET, POST /api/evals/{run}/... | the grid of a run of an evaluation: see hub.web.evals |
| GET, POST /api/mcp/... | a person's MCP servers: resources, prompts, signing in |
| GET /api/tools/oauth/... | signing in at interfaces described by OpenAPI |
| POST /api/hooks/schedules/{id} | starts a schedule, for who signs with its key |
| POST /mcp | the hub as an MCP server, for programs with an API key |
| GET /healthz, /readyz | whether the process lives, whether the hub can be used |
| GET /metrics | figures for Prometheus, with HUB_METRICS_TOKEN |
| GET, POST /login, /setup, /logout | accounts |
| GET /oauth/openrouter/start, /callback | OpenRouter's sign-in |

Everything but /healthz, /readyz, /metrics, webhooks and the account pages needs a signed-in person; everything checks
Host, and everything but webhooks Origin. An error is {"error": {"kind", "message", "hint"}} with a fitting status.
"""

from __future__ import annotations

import structlog
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Route

from hub.web import (
    comparisons,
    deliveries,
    evals,
    files,
    health,
    lists,
    login,
    mcp_servers,
    metrics,
    oauth,
    tool_sign_ins,
    turns,
)
from hub.web.events import Events
from hub.web.identity import HOOK_PATHS, KEY_PATH, Identity
from hub.web.life import lifespan
from hub.web.look import Look
from hub.web.many_events import ManyEvents
from hub.web.mcp import served
from hub.web.named import Named
from hub.web.replies import Endpoint, told
from hub.web.sign_ins import SignIns

__all__ = ["lifespan", "middleware", "on_script_error", "routes"]

log = structlog.get_logger(__name__)


def routes() -> list[BaseRoute]:
    """Our own routes, for st.App."""
    return [
        _route("POST", "/api/runs", turns.send),
        _route("GET", "/api/runs/{run}", turns.show),
        Route("/api/runs/{run}/events", Events(), methods=["GET"]),
        _route("POST", "/api/runs/{run}/cancel", turns.cancel),
        Route("/api/events", ManyEvents(), methods=["GET"]),
        _route("POST", "/api/comparisons", comparisons.start),
        _route("GET", "/api/comparisons", comparisons.listed),
        _route("GET", "/api/comparisons/{id}", comparisons.show),
        _route("POST", "/api/comparisons/{id}/turns", comparisons.say),
        _route("POST", "/api/comparisons/{id}/stop", comparisons.stop),
        _route("POST", "/api/comparisons/{id}/panes", comparisons.add),
        _route("POST", "/api/comparisons/{id}/panes/{pane}/{do}", comparisons.change),
        _route("PATCH", "/api/queue/{id}", turns.edit_queued),
        _route("DELETE", "/api/queue/{id}", turns.drop_queued),
        _route("POST", "/api/estimate", turns.estimate),
        _route("POST", "/api/files", files.take),
        _route("GET", "/api/files/{id}", files.hand_out),
        _route("GET", "/api/conversations", lists.conversations),
        _route("GET", "/api/conversations/{id}", lists.conversation),
        _route("GET", "/api/projects", lists.projects),
        _route("GET", "/api/search", lists.search),
        _route("GET", "/api/models", lists.models),
        _route("POST", f"{HOOK_PATHS}schedules/{{id}}", deliveries.take),
        *_eval_routes(),
        *_mcp_routes(),
        Route("/api/{rest:path}", told(lists.nothing), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        _route("GET", "/healthz", health.live),
        _route("GET", "/readyz", health.ready),
        _route("GET", "/metrics", metrics.show),
        Route("/login", login.shown(login.login), methods=["GET", "POST"]),
        Route("/setup", login.shown(login.setup), methods=["GET", "POST"]),
        Route("/logout", login.shown(login.logout), methods=["GET", "POST"]),
        _route("GET", "/oauth/openrouter/start", oauth.start),
        _route("GET", "/oauth/openrouter/callback", oauth.callback),
    ]


def _eval_routes() -> list[BaseRoute]:
    run = "/api/evals/{run}"
    return [
        _route("GET", f"{run}/summary", evals.summary),
        _route("GET", f"{run}/rows", evals.rows),
        _route("POST", f"{run}/words", evals.words),
        _route("GET", f"{run}/cells/{{index:int}}", evals.cell),
        _route("POST", f"{run}/cells/{{index:int}}/mark", evals.mark),
        _route("POST", f"{run}/watch", evals.watch),
        _route("GET", f"{run}/live", evals.live),
        _route("POST", f"{run}/act", evals.act),
        _route("GET", f"{run}/export", evals.export),
    ]


def _mcp_routes() -> list[BaseRoute]:
    server = "/api/mcp/servers/{id}"
    return [
        _route("GET", "/api/mcp/servers", mcp_servers.servers),
        _route("GET", f"{server}/resources", mcp_servers.resources),
        _route("GET", f"{server}/resource", mcp_servers.resource),
        _route("POST", f"{server}/files", mcp_servers.attach),
        _route("GET", f"{server}/prompts", mcp_servers.prompts),
        _route("POST", f"{server}/prompts/{{name:path}}", mcp_servers.prompt),
        *_sign_ins(mcp_servers.sign_ins),
        *_sign_ins(tool_sign_ins.interfaces),
        Route(KEY_PATH, served, methods=["GET", "POST", "DELETE"]),
    ]


def _sign_ins(of: SignIns) -> list[BaseRoute]:
    return [_route("GET", f"{of.path}/start", of.start), _route("GET", f"{of.path}/callback", of.callback)]


def _route(method: str, path: str, endpoint: Endpoint) -> Route:
    return Route(path, told(endpoint), methods=[method])


def middleware() -> list[Middleware]:
    """What stands in front of every route, Streamlit's own included."""
    return [Middleware(Named), Middleware(Identity), Middleware(Look)]


def on_script_error(error: Exception) -> None:
    """Logs what went wrong in a page; the page itself shows a calm sentence."""
    log.error("page_failed", exc_info=error)
