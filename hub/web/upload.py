"""Files of a multipart body, written to disk while they come in: the size limit holds from the first byte."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from hub.errors import BadInput, HubError
from hub.web.replies import TooLarge
from hub.web.threads import off_loop

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 20
FIELD = "file"
_BLOCK = 1_000_000


class DiskFull(HubError):
    """There is no room for what was sent."""

    kind = "disk_full"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived: the name that the browser gave it, and where it lies until the request ends."""

    name: str
    path: Path


class _Part:
    """One part of the body. Parts that are no files are read over."""

    def __init__(self) -> None:
        self._header = b""
        self._value = b""
        self.name: str | None = None

    def header(self, data: bytes) -> None:
        self._header += data

    def value(self, data: bytes) -> None:
        self._value += data

    def end_header(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            if options.get(b"name") == FIELD.encode() and b"filename" in options:
                self.name = _plain_name(options[b"filename"].decode("utf-8", "replace"))
        self._header = self._value = b""


class Uploads(AbstractContextManager["Uploads"]):
    """`with Uploads(folder, most_bytes) as uploads: await uploads.read(request)`; the files go at the end of the block.

    Raises TooLarge with the name of the file as soon as it is over `most_bytes`, DiskFull, and BadInput.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self._folder = folder
        self._most = most_bytes
        self._stack = ExitStack()
        self._part = _Part()
        self._buffer = bytearray()
        self._size = 0
        self._file: IO[bytes] | None = None
        self._path = folder
        self._ended: list[tuple[IO[bytes], bytes]] = []
        self.files: list[Upload] = []

    def __enter__(self) -> Self:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def read(self, request: Request) -> list[Upload]:
        """All files of the field "file", in order."""
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != b"multipart/form-data" or b"boundary" not in options:
            raise BadInput("Files come as multipart/form-data, in the field “file”.")
        try:
            await self._parse(request.stream(), MultipartParser(options[b"boundary"], self._callbacks()))
        except MultipartParseError as error:
            raise BadInput("The upload broke off or is malformed.", hint="Send it again.") from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull("The hub's disk is full.", hint="Free some space, then send it again.") from error
            raise
        if not self.files:
            raise BadInput("No file came.", hint="Choose a file.")
        return self.files

    async def _parse(self, chunks: AsyncIterator[bytes], parser: MultipartParser) -> None:
        async for chunk in chunks:
            parser.write(chunk)
            if len(self._buffer) >= _BLOCK or self._ended:
                await off_loop(self._flush)
        parser.finalize()
        await off_loop(self._flush)

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header,
            "on_header_value": self._value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._open,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _header(self, data: bytes, start: int, end: int) -> None:
        self._part.header(data[start:end])

    def _value(self, data: bytes, start: int, end: int) -> None:
        self._part.value(data[start:end])

    def _end_header(self) -> None:
        self._part.end_header()

    def _begin(self) -> None:
        self._part = _Part()
        self._size = 0

    def _open(self) -> None:
        if self._part.name is None:
            return
        if len(self.files) >= MOST_FILES:
            raise BadInput(f"At most {MOST_FILES} files at once.")
        made = tempfile.NamedTemporaryFile(dir=self._folder, prefix="upload-")  # noqa: SIM115 - closed by the stack
        self._stack.enter_context(made)
        self._file = made.file
        self._path = Path(made.name)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.name is None:
            return
        self._size += end - start
        if self._size > self._most:
            raise TooLarge(
                f"{self._part.name} is larger than {self._most // 1_000_000} MB.",
                hint="HUB_MAX_UPLOAD_MB sets the limit.",
            )
        self._buffer += data[start:end]

    def _end(self) -> None:
        if self._part.name is None or self._file is None:
            return
        self._ended.append((self._file, bytes(self._buffer)))
        self.files.append(Upload(self._part.name, self._path))
        self._buffer.clear()
        self._file = None

    def _flush(self) -> None:
        for file, rest in self._ended:
            file.write(rest)
            file.flush()
        self._ended.clear()
        if self._file is not None and self._buffer:
            self._file.write(self._buffer)
            self._buffer.clear()


def _plain_name(name: str) -> str:
    """The last part of a path, without characters that cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char for char in last if char.isprintable()).strip()[:200] or "file"
