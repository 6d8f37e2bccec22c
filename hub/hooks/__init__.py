"""Every extension point of the hub: `specifications` lists the hooks, the functions here ask the plugins.

A plugin is a module or object whose functions carry `@hooks.implementation` and the names of hooks. It is found through
the entry-point group `llm_hub` of an installed package or in the data folder's `plugins/`, and can be switched off
(`hub.plugins`); rooms of the hub are plugins of their own house. What a plugin raises never ends a turn.
"""

from hub.hooks.asking import (
    answer_notes,
    exchange,
    guide,
    project_name,
    project_names,
    project_reads_personal,
    search_checked,
    search_names,
    search_sources,
    search_spaces,
)
from hub.hooks.calls import failed
from hub.hooks.giving import (
    chat_context,
    document_loaders,
    exported,
    metrics,
    model_providers,
    pages,
    served_resources,
    served_tools,
    tools,
)
from hub.hooks.loading import BUILT_IN, plugins
from hub.hooks.records import DocumentLoader, Exported, Exporter, Given, Guide, Page, Talk
from hub.hooks.specifications import PROJECT, SearchSource, Specifications, implementation, specification
from hub.hooks.telling import (
    answer_withdrawn,
    conversation_purged,
    document_ready,
    exchange_settled,
    person_deleted,
    project_deleted,
    project_purged,
    project_restored,
    run_finished,
)

__all__ = [
    "BUILT_IN",
    "PROJECT",
    "DocumentLoader",
    "Exported",
    "Exporter",
    "Given",
    "Guide",
    "Page",
    "SearchSource",
    "Specifications",
    "Talk",
    "answer_notes",
    "answer_withdrawn",
    "chat_context",
    "conversation_purged",
    "document_loaders",
    "document_ready",
    "exchange",
    "exchange_settled",
    "exported",
    "failed",
    "guide",
    "implementation",
    "metrics",
    "model_providers",
    "pages",
    "person_deleted",
    "plugins",
    "project_deleted",
    "project_name",
    "project_names",
    "project_purged",
    "project_reads_personal",
    "project_restored",
    "run_finished",
    "search_checked",
    "search_names",
    "search_sources",
    "search_spaces",
    "served_resources",
    "served_tools",
    "specification",
    "tools",
]
