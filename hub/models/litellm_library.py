"""LiteLLM itself: loaded in the background, because that takes seconds, and made to behave."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import Future
from importlib import import_module
from typing import Any
from weakref import WeakSet

_lock = threading.Lock()
_loading: Future[Any] | None = None
_loops: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def load() -> Future[Any]:
    """Begins to load LiteLLM in a thread of its own, if that has not happened yet; the result is the module."""
    global _loading
    with _lock:
        if _loading is None or (_loading.done() and _loading.exception() is not None):
            _loading = Future()
            _loading.set_running_or_notify_cancel()  # one who stops waiting does not stop the loading
            threading.Thread(target=_work, args=(_loading,), name="load-litellm", daemon=True).start()
        return _loading


def library() -> Any:
    """LiteLLM. The first call waits until it is loaded."""
    return load().result()


def forget_older_loop(litellm: Any) -> None:
    """LiteLLM keeps its HTTP clients by the id of the event loop; a new loop may have the id of one that ended, and
    would get clients whose connections are dead."""
    loop = asyncio.get_running_loop()
    if loop in _loops:
        return
    _loops.add(loop)
    kept = litellm.in_memory_llm_clients_cache.cache_dict
    for key in [key for key in kept if str(key).endswith(f"-{id(loop)}")]:
        del kept[key]


def _work(done: Future[Any]) -> None:
    try:
        done.set_result(_loaded())
    except BaseException as error:
        done.set_exception(error)


def _loaded() -> Any:
    """It must not ask the network for its price map, retry by itself, print advice, or keep connections that outlive
    their event loop."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    litellm: Any = import_module("litellm")
    litellm.suppress_debug_info = True
    litellm.drop_params = False
    litellm.num_retries = 0
    litellm.turn_off_message_logging = True
    litellm.disable_aiohttp_transport = True
    litellm.module_level_aclient = _ClientOfTheLoop()
    _keep_connect_timeout(litellm)
    return litellm


def _keep_connect_timeout(litellm: Any) -> None:
    """LiteLLM makes one number of our time-outs for most providers, so that connecting may take as long as the answer.
    The clients of these take them apart: an address that swallows everything is told after HUB_CONNECT_TIMEOUT."""
    main: Any = import_module("litellm.main")
    known = main.supports_httpx_timeout
    apart = {"custom_openai", "anthropic", "gemini", *litellm.openai_compatible_providers}
    main.supports_httpx_timeout = lambda name: name in apart or known(name)  # pyright: ignore[reportUnknownLambdaType]


class _ClientOfTheLoop:
    """Stands for LiteLLM's one HTTP client of the whole process, whose kept connections break in any other event loop
    than the first: here each loop has its own."""

    def __getattr__(self, name: str) -> Any:
        handler = import_module("litellm.llms.custom_httpx.http_handler")
        return getattr(handler.get_async_httpx_client(llm_provider="hub"), name)
