"""Routes of files: taking them in, handing them out."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from hub import files
from hub.db.who import Who
from hub.files import File
from hub.settings import settings
from hub.web.replies import json_reply, who_asks
from hub.web.threads import off_loop
from hub.web.upload import Upload, Uploads

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""What a browser may draw in our name; everything else is downloaded."""


async def take(request: Request) -> Response:
    """POST /api/files, multipart field "file", several at once: a list of {id, name, mime, size, kind, how, tokens,
    warning}."""
    who = who_asks(request.scope)
    with Uploads(settings().data / "uploads", settings().max_upload_mb * 1_000_000) as uploads:
        taken = [await off_loop(_add, who, upload) for upload in await uploads.read(request)]
    return json_reply(taken, 201)


def _add(who: Who, upload: Upload) -> File:
    return files.add(who, upload.name, upload.path.read_bytes())


async def hand_out(request: Request) -> Response:
    """GET /api/files/{id}: the original bytes. Nothing in them is ever run in the hub's name."""
    who = who_asks(request.scope)
    file = await off_loop(files.get, who, request.path_params["id"])
    data = await off_loop(files.content, who, file.id)
    shown = file.mime in SHOWN
    kind = file.mime if shown else "application/octet-stream"
    place = "inline" if shown else "attachment"
    headers = {
        "content-disposition": f"{place}; filename*=UTF-8''{quote(file.name, safe='')}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "same-origin",
        "cache-control": "private, max-age=86400, immutable",
    }
    return Response(data, 200, headers, kind)
