"""Server-sent events from bytes, as https://html.spec.whatwg.org/multipage/server-sent-events.html describes them."""

from __future__ import annotations


class SSEParser:
    """Feed it bytes as they come; it gives the data of each finished event that has any.

    Bytes may be split anywhere, within a character too: nothing is decoded here. Comments, event names, ids and
    retry times are passed over. Two habits of servers outside the standard are understood: an "error:" field
    (older llama.cpp) becomes {"error": ...}, and a last event without its blank line is given by `end`.
    """

    def __init__(self) -> None:
        self._rest = bytearray()
        self._data: list[bytes] = []
        self._after_cr = False

    def feed(self, data: bytes) -> list[bytes]:
        """The data of the events that `data` finishes; lines of one event are joined by a line feed."""
        if b"\r" in data or self._after_cr:
            data = self._line_feeds(data)
        if b"\n" not in data:
            self._rest += data
            return []
        lines = data.split(b"\n")
        if self._rest:
            self._rest += lines[0]
            lines[0] = bytes(self._rest)
        self._rest = bytearray(lines.pop())
        events: list[bytes] = []
        for line in lines:
            if line:
                self._line(line)
            elif self._data:
                events.extend(self._finish())
        return events

    def end(self) -> list[bytes]:
        """What stood in an unfinished event when the connection closed."""
        if self._rest:
            self._line(bytes(self._rest))
            self._rest.clear()
        return self._finish()

    def _line(self, line: bytes) -> None:
        if line.startswith(b"data:"):
            self._data.append(line[6:] if line[5:6] == b" " else line[5:])
        elif line.startswith(b"error:"):
            self._data.append(b'{"error":' + line[6:].strip() + b"}")

    def _finish(self) -> list[bytes]:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        self._data.clear()
        return [data] if data else []

    def _line_feeds(self, data: bytes) -> bytes:
        if self._after_cr and data.startswith(b"\n"):
            data = data[1:]
            self._after_cr = False
            if not data:
                return data
        if data:
            self._after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
