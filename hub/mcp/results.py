"""What a server gave, as a result of ours."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from urllib.parse import unquote

import orjson
from mcp.types import (
    AudioContent,
    BlobResourceContents,
    CallToolResult,
    ContentBlock,
    EmbeddedResource,
    GetPromptResult,
    ImageContent,
    ReadResourceResult,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from hub.errors import BadInput
from hub.mcp.records import ResourceText
from hub.models.types import Image
from hub.turns import ToolFile, ToolResult

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
LARGEST_PICTURE = 10_000_000


def tool_result(given: CallToolResult) -> ToolResult:
    """A tool's result: texts and resources as text, pictures as pictures, structured content as JSON."""
    texts = [_text(block) for block in given.content]
    if given.structured_content is not None and not any(isinstance(one, TextContent) for one in given.content):
        texts.append(orjson.dumps(given.structured_content, option=orjson.OPT_INDENT_2).decode())
    images = tuple(image for block in given.content if (image := _image(block)) is not None)
    files = tuple(file for block in given.content if (file := _file(block)) is not None)
    text = "\n\n".join(text for text in texts if text)
    if not text and images:
        text = f"{len(images)} picture{'s' if len(images) > 1 else ''}, shown to the person."
    nothing = "" if files else "It gave nothing."
    return ToolResult(text or nothing, error=given.is_error, images=images, files=files)


def _text(block: ContentBlock) -> str:
    if isinstance(block, TextContent):
        return block.text
    if isinstance(block, EmbeddedResource):
        return _resource(block.resource)
    if isinstance(block, ResourceLink):
        about = f": {block.description}" if block.description else ""
        return f"[resource {block.title or block.name} at {block.uri}{about}]"
    if isinstance(block, AudioContent):
        return "" if _file(block) else f"[a sound of the type {block.mime_type} that cannot be read]"
    return "" if _image(block) else f"[a picture of the type {block.mime_type} that cannot be shown]"


def _resource(found: TextResourceContents | BlobResourceContents) -> str:
    if isinstance(found, TextResourceContents):
        return f"[resource {found.uri}]\n{found.text}"
    if found.mime_type in PICTURES:
        return f"[picture {found.uri}]"
    return f"[{found.mime_type or 'a file'} at {found.uri}]"


def _image(block: ContentBlock) -> Image | None:
    if isinstance(block, ImageContent):
        return _picture(block.mime_type, block.data)
    if isinstance(block, EmbeddedResource) and isinstance(block.resource, BlobResourceContents):
        return _picture(block.resource.mime_type or "", block.resource.blob)
    return None


def _file(block: ContentBlock) -> ToolFile | None:
    """What is neither text nor a picture: bytes of a resource, or a sound."""
    if isinstance(block, AudioContent):
        return _bytes("sound" + (mimetypes.guess_extension(block.mime_type) or ""), block.mime_type, block.data)
    if isinstance(block, EmbeddedResource) and isinstance(block.resource, BlobResourceContents):
        found = block.resource
        mime = found.mime_type or "application/octet-stream"
        return None if mime in PICTURES else _bytes(unquote(found.uri.rpartition("/")[2]) or "file", mime, found.blob)
    return None


def _bytes(name: str, mime: str, data: str) -> ToolFile | None:
    try:
        return ToolFile(name, mime, base64.b64decode(data, validate=True))
    except binascii.Error:
        return None


def _picture(mime: str, data: str) -> Image | None:
    if mime not in PICTURES or len(data) > LARGEST_PICTURE * 4 // 3:
        return None
    try:
        return Image(mime, base64.b64decode(data, validate=True))
    except binascii.Error:
        return None


def resource_texts(given: ReadResourceResult) -> tuple[ResourceText, ...]:
    """What stood at a resource; raises BadInput for bytes that are none."""
    return tuple(map(_resource_text, given.contents))


def _resource_text(found: TextResourceContents | BlobResourceContents) -> ResourceText:
    if isinstance(found, TextResourceContents):
        return ResourceText(found.uri, found.mime_type or "text/plain", text=found.text)
    try:
        data = base64.b64decode(found.blob, validate=True)
    except binascii.Error as error:
        raise BadInput(f"What stands at {found.uri} cannot be read.", hint="Nothing was attached.") from error
    return ResourceText(found.uri, found.mime_type or "application/octet-stream", data=data)


def prompt_text(given: GetPromptResult) -> str:
    """A filled-in prompt as one text for the composer; where several speak, each is named."""
    said = [(message.role, _text(message.content)) for message in given.messages]
    if all(role == "user" for role, _ in said):
        return "\n\n".join(text for _, text in said)
    return "\n\n".join(f"{'Me' if role == 'user' else 'You'}: {text}" for role, text in said)
