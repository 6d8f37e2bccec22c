"""A process that begins a comparison and is killed: `python -m tests.compare.dying MODEL [before-run]`."""

from __future__ import annotations

import os
import signal
import sys
from threading import Event

from hub import chat, compare
from hub.chat import asks
from tests.compare.conftest import ANNA


def main() -> None:
    """Asks three models, two of which take long, and waits for its end."""
    model = sys.argv[1]
    chat.start()
    compare.begin()
    if "before-run" in sys.argv:
        asks.start = lambda *args, **more: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    slow = f"{model}fake?tokens=1000&gap=20"
    asked = compare.start(ANNA, "Which?", [(slow, None), (model + "fake?tokens=3", None), (slow, None)], blind=False)
    print(asked.comparison, asked.run, flush=True)
    Event().wait()


if __name__ == "__main__":
    main()
