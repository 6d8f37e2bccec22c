"""Several models answer the same question side by side, each on a branch of one conversation.

Every function is synchronous, takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`.
`begin()` is called once by every process that runs models, before the first run.
"""

from hub import runs
from hub.compare import finish
from hub.compare.ask import KIND
from hub.compare.say import add_pane, continue_with, remove_pane, retry, say, stop, swap
from hub.compare.show import comparisons_of as comparisons
from hub.compare.show import open_comparison, within
from hub.compare.start import from_answer, start
from hub.compare.store import INDEXES


def begin() -> None:
    """Tells the run engine what to do with what panes answer."""
    runs.on_target_finished(KIND, finish.target_ended)
    runs.on_finish(KIND, finish.run_ended)


__all__ = [
    "INDEXES",
    "add_pane",
    "begin",
    "comparisons",
    "continue_with",
    "from_answer",
    "open_comparison",
    "remove_pane",
    "retry",
    "say",
    "start",
    "stop",
    "swap",
    "within",
]
