"""Conversations: what a person says, what models answer, and everything that can be done with either.

Every function is synchronous, takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`.
`start()` is called once by every process that runs models, before the first run; `sweep()` by a timer.
"""

from threading import Thread

from hub import runs
from hub.chat import finish, preferences, presets, prompts, summary, title
from hub.chat.again import add_message, continue_, edit, regenerate
from hub.chat.branch import delete_choices, delete_message, delete_plan, feedback, fork, restore_message, select
from hub.chat.busy import Busy, busy
from hub.chat.context import next_turn as estimate
from hub.chat.conversations import (
    archive,
    configure,
    create,
    delete,
    get,
    list_conversations,
    pin,
    rename,
    restore,
    search_titles,
    titles,
)
from hub.chat.expiry import sweep
from hub.chat.export import export_forms, export_json, export_markdown, export_text
from hub.chat.finish import sent_request
from hub.chat.library import browse
from hub.chat.project import move
from hub.chat.queue import drop_queued, edit_queued, queued
from hub.chat.sending import send, send_queued
from hub.chat.store import INDEXES
from hub.chat.summary import compact, drop_summary, edit_summary
from hub.chat.trace import trace
from hub.chat.window import get_message, open_window
from hub.models.estimate import tokens


def start() -> None:
    """Tells the run engine what to do with what chat asks for, and has the token table loaded by the first message."""
    Thread(target=tokens, args=("warm",), name="token-table", daemon=True).start()
    runs.on_target_finished(finish.KIND, finish.target_ended)
    runs.on_finish(finish.KIND, finish.run_ended)
    runs.on_finish(title.KIND, title.finish)
    runs.on_finish(summary.KIND, summary.finish)


__all__ = [
    "INDEXES",
    "Busy",
    "add_message",
    "archive",
    "browse",
    "busy",
    "compact",
    "configure",
    "continue_",
    "create",
    "delete",
    "delete_choices",
    "delete_message",
    "delete_plan",
    "drop_queued",
    "drop_summary",
    "edit",
    "edit_queued",
    "edit_summary",
    "estimate",
    "export_forms",
    "export_json",
    "export_markdown",
    "export_text",
    "feedback",
    "fork",
    "get",
    "get_message",
    "list_conversations",
    "move",
    "open_window",
    "pin",
    "preferences",
    "presets",
    "prompts",
    "queued",
    "regenerate",
    "rename",
    "restore",
    "restore_message",
    "search_titles",
    "select",
    "send",
    "send_queued",
    "sent_request",
    "start",
    "sweep",
    "titles",
    "trace",
]
