"""Small writes leave at once.

Streamlit binds its listening socket with protocol 0, which asyncio does not recognise as TCP, so the connections
accepted from it keep Nagle's algorithm: the second small write of a stream then waits for the client's delayed
acknowledgement, 40 ms on Linux. Set on the listening socket, TCP_NODELAY is inherited by what it accepts.
"""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)


def send_at_once() -> None:
    """Sets TCP_NODELAY on every TCP socket of this process; call it once the server's socket is bound."""
    changed = 0
    for entry in Path("/dev/fd").iterdir() if Path("/dev/fd").is_dir() else ():
        try:
            if not stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode):
                continue
            with socket.socket(fileno=os.dup(int(entry.name))) as twin:
                if twin.family in (socket.AF_INET, socket.AF_INET6) and twin.type == socket.SOCK_STREAM:
                    twin.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    changed += 1
        except OSError:  # closed since it was listed
            continue
    log.debug("sockets_send_at_once", count=changed)
