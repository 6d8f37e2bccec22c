"""Several models answer the same question side by side, each on a branch of one conversation.

Every function is synchronous, takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`.
`begin()` is called once by every process that runs models, before the first run.
"""

from hub import runs
from hub.compare import finish, merging
from hub.compare.ask import KIND
from hub.compare.difference import diff
from hub.compare.merging import KINDS as MERGES
from hub.compare.merging import finish_guided, merge, remove_merge, retry_merge, stop_merge, use_merge
from hub.compare.say import add_pane, continue_with, remove_pane, retry, say, stop, swap
from hub.compare.show import comparisons_of as comparisons
from hub.compare.show import open_comparison, within
from hub.compare.start import from_answer, start
from hub.compare.store import INDEXES
from hub.compare.teams import delete_team, save_team, teams
from hub.compare.veil import reveal
from hub.compare.vote import undo_vote, vote


def begin() -> None:
    """Tells the run engine what to do with what panes answer."""
    runs.on_target_finished(KIND, finish.target_ended)
    runs.on_finish(KIND, finish.run_ended)
    runs.on_finish(merging.KIND, finish.merge_ended)


__all__ = [
    "INDEXES",
    "MERGES",
    "add_pane",
    "begin",
    "comparisons",
    "continue_with",
    "delete_team",
    "diff",
    "finish_guided",
    "from_answer",
    "merge",
    "open_comparison",
    "remove_merge",
    "remove_pane",
    "retry",
    "retry_merge",
    "reveal",
    "save_team",
    "say",
    "start",
    "stop",
    "stop_merge",
    "swap",
    "teams",
    "undo_vote",
    "use_merge",
    "vote",
    "within",
]
