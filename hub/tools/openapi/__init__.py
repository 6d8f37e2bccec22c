"""Interfaces of the web that are described by OpenAPI, as tools."""

from hub.tools.openapi.manage import add, change, enable, fetch, look, refresh, remove, signing
from hub.tools.openapi.read import read
from hub.tools.openapi.records import Access, Api, How, Operation, Scheme, Spec
from hub.tools.openapi.sign_in import SIGN_IN_PATH, begin, finish, sign_out, signed_in, way_back
from hub.tools.openapi.store import apis, get, purge
from hub.tools.openapi.text import Wrong
from hub.tools.openapi.tools import tool_id, tools

__all__ = [
    "SIGN_IN_PATH",
    "Access",
    "Api",
    "How",
    "Operation",
    "Scheme",
    "Spec",
    "Wrong",
    "add",
    "apis",
    "begin",
    "change",
    "enable",
    "fetch",
    "finish",
    "get",
    "look",
    "purge",
    "read",
    "refresh",
    "remove",
    "sign_out",
    "signed_in",
    "signing",
    "tool_id",
    "tools",
    "way_back",
]
