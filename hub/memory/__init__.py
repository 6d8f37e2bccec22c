"""What is remembered of a person: facts with their sources, history and undo, and what of them an answer gets.

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`. A scope is "" or
"project:ID"; nothing crosses from one to another.
"""

from hub.memory.carry import export, import_, plan, take
from hub.memory.look import (
    counts,
    events,
    extractions,
    facts,
    get,
    history,
    learned_from,
    scopes,
    spent,
    subjects,
    timeline,
    used_in,
)
from hub.memory.manage import add, delete, edit, forget_conversation, merge, pin, purge, reset
from hub.memory.preferences import change_settings, pause, reads_personal, settings
from hub.memory.recall import preview as recall_preview
from hub.memory.records import (
    Change,
    Counts,
    EventTime,
    Evidence,
    Extraction,
    Fact,
    Filters,
    Imported,
    Kind,
    Page,
    Pending,
    Planned,
    Preview,
    Recalled,
    Refusal,
    Rule,
    Sentence,
    Settings,
    Spent,
    Story,
    Summary,
    Use,
)
from hub.memory.review import add_never_rule, approve, never_rules, pending, reject, remove_never_rule
from hub.memory.store import INDEXES
from hub.memory.story import story
from hub.memory.summaries import rewrite as rewrite_summary
from hub.memory.summaries import summary
from hub.memory.undoing import undo

__all__ = [
    "INDEXES",
    "Change",
    "Counts",
    "EventTime",
    "Evidence",
    "Extraction",
    "Fact",
    "Filters",
    "Imported",
    "Kind",
    "Page",
    "Pending",
    "Planned",
    "Preview",
    "Recalled",
    "Refusal",
    "Rule",
    "Sentence",
    "Settings",
    "Spent",
    "Story",
    "Summary",
    "Use",
    "add",
    "add_never_rule",
    "approve",
    "change_settings",
    "counts",
    "delete",
    "edit",
    "events",
    "export",
    "extractions",
    "facts",
    "forget_conversation",
    "get",
    "history",
    "import_",
    "learned_from",
    "merge",
    "never_rules",
    "pause",
    "pending",
    "pin",
    "plan",
    "purge",
    "reads_personal",
    "recall_preview",
    "reject",
    "remove_never_rule",
    "reset",
    "rewrite_summary",
    "scopes",
    "settings",
    "spent",
    "story",
    "subjects",
    "summary",
    "take",
    "timeline",
    "undo",
    "used_in",
]
