"""Every key of `st.session_state` that pages and components share: ids, drafts and toggles, never documents.

One file for each page, with what that page remembers of one tab and the function that hands it out.
"""

from __future__ import annotations

from typing import cast

import streamlit as st

from components.state.agents import AGENTS, AgentsState, Trial, agents
from components.state.chat import CHAT, ChatState, chat
from components.state.compare import COMPARE, CompareState, compare
from components.state.documents import DOCUMENTS, DocumentsState, documents
from components.state.evaluate import EVALUATE, EvaluateState, NewRun, SetWork, evaluate
from components.state.lists import LIBRARY, MODELS, LibraryState, ModelsState, library, models
from components.state.memory import MEMORY, MEMORY_DIALOGS, MemoryState, memory
from components.state.pages import script
from components.state.schedules import SCHEDULES, SchedulesState, schedules
from components.state.settings import SETTINGS, Kept, SettingsState, settings
from components.state.shell import SHELL, ShellState, shell
from components.state.skills import SKILLS, SkillsState, skills
from components.state.tools import TOOLS, ToolsState, tools
from hub.db.who import Who

WHO = "who"
"""The person of this session: a `Who`, set by the shell at the start of every run."""

__all__ = [
    "AGENTS",
    "CHAT",
    "COMPARE",
    "DOCUMENTS",
    "EVALUATE",
    "LIBRARY",
    "MEMORY",
    "MEMORY_DIALOGS",
    "MODELS",
    "SCHEDULES",
    "SETTINGS",
    "SHELL",
    "SKILLS",
    "TOOLS",
    "WHO",
    "AgentsState",
    "ChatState",
    "CompareState",
    "DocumentsState",
    "EvaluateState",
    "Kept",
    "LibraryState",
    "MemoryState",
    "ModelsState",
    "NewRun",
    "SchedulesState",
    "SetWork",
    "SettingsState",
    "ShellState",
    "SkillsState",
    "ToolsState",
    "Trial",
    "agents",
    "chat",
    "compare",
    "documents",
    "evaluate",
    "library",
    "memory",
    "models",
    "schedules",
    "script",
    "settings",
    "shell",
    "skills",
    "tools",
    "who",
]


def who() -> Who:
    """Who this session belongs to."""
    return cast(Who, st.session_state[WHO])
