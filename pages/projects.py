"""Projects: chats that belong together, with instructions for every answer in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import streamlit as st

from components import state, troubles
from components.clock import viewer_now
from components.empty_state import empty_state
from components.library_list import LibraryEvent, library_list
from components.library_list.words import entry
from components.markdown import label
from components.project_cards import project_cards
from components.project_dialogs import delete_project, new_project
from components.project_form import project_form, project_rooms
from hub import chat, projects
from hub.chat import preferences
from hub.errors import HubError, NotFound, StoreDown
from hub.projects import Project

who = state.who()
shell = state.shell()
chat_page = Path(__file__).with_name("chat.py")
ABOUT = "A project keeps chats together, with instructions for every answer in them and a memory of its own."


def create(name: str, description: str) -> str:
    """Make a project and open it; why it could not be made."""
    try:
        made = projects.create(who, name, description=description)
    except HubError as error:
        return f"{error.message} {error.hint}"
    st.query_params["p"] = made.id
    return ""


def overview() -> None:
    """All projects as cards."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title("Projects", anchor=False)
        st.space("stretch")
        asked = st.button("New project", icon=":material/add:", type="primary", key="project_new")
    living, archived = projects.list_projects(who), projects.list_projects(who, archived=True)
    opened = project_cards(living, viewer_now()) if living else None
    if not living and not archived:
        asked |= empty_state("folder", "No projects yet", ABOUT, action="Create a project", key="projects")
    if archived:
        with st.expander(f"Archived ({len(archived)})", type="compact"):
            opened = project_cards(archived, viewer_now(), key="project_cards_archived") or opened
    if opened:
        st.query_params["p"] = opened
        st.rerun()
    if asked:
        new_project(create)


def one(project: Project) -> None:
    """One project: what it says to models, and its chats."""
    st.button("All projects", icon=":material/arrow_back:", type="tertiary", on_click=st.query_params.clear)
    with st.container(horizontal=True, vertical_alignment="center", key="project_head"):
        st.title(label(project.name), anchor=False)
        st.space("stretch")
        if st.button("New chat", icon=":material/edit_square:", type="primary", key="project_chat"):
            state.chat().start()
            st.switch_page(chat_page, query_params={"project": project.id})
        word = "Unarchive" if project.archived else "Archive"
        chosen = st.menu_button("More", [word, "Delete"], icon=":material/more_horiz:", key="project_more")
    if project.description:
        st.caption(label(project.description))
    if chosen == "Delete":
        found = chat.list_conversations(who, project=project.id, limit=500)
        count = len(found.pinned) + len(found.recent)
        delete_project(label(project.name), count, lambda chats: delete(project, chats))
    elif chosen:
        projects.change(who, project.id, archived=not project.archived)
        st.rerun()
    project_form(project, lambda **values: change(project, values))
    project_rooms(project)
    chats(project)


def change(project: Project, values: dict[str, Any]) -> str:
    """Keep what was written; why it could not be kept."""
    try:
        projects.change(who, project.id, **values)
    except HubError as error:
        return f"{error.message} {error.hint}"
    return ""


def delete(project: Project, chats: Literal["keep", "delete"]) -> None:
    """Delete the project; the undo bar takes it back."""
    projects.delete(who, project.id, chats=chats)
    shell.offer(f"Deleted the project “{project.name}”", "restore_project", project.id)
    st.query_params.clear()


def chats(project: Project) -> None:
    """The chats of the project, newest first."""
    st.subheader("Chats", anchor=False)
    found = chat.list_conversations(who, project=project.id, limit=50)
    rows = sorted((*found.pinned, *found.recent), key=lambda row: row.updated_at, reverse=True)
    if not rows:
        st.caption(
            "None yet. A chat comes here by “New chat” above, or from the menu of a conversation in the sidebar."
        )
        return
    now, writing = viewer_now(), chat.busy(who).answering
    entries = [entry(row, now, running=row.id in writing) for row in rows]
    event = library_list(entries, costs=preferences.get(who).show_costs, revision=shell.acts, key="project_chats")
    if found.earlier:
        st.caption("These are the 50 newest. The library finds the others: search for in:project and a word.")
    if event:
        act(event)


def act(event: LibraryEvent) -> None:
    """What was done in the list."""
    if event.do == "open":
        st.switch_page(chat_page, query_params={"c": event.ids[0]})
    for id_ in event.ids:
        if event.do == "delete":
            chat.delete(who, id_)
        else:
            chat.archive(who, id_, event.do == "archive")
    many = "1 conversation" if len(event.ids) == 1 else f"{len(event.ids)} conversations"
    done, back = ("Deleted", "restore") if event.do == "delete" else ("Archived", "unarchive")
    shell.offer(f"{done} {many}", back, *event.ids)
    st.rerun()


with st.container(key="page_projects"):
    try:
        if id_ := st.query_params.get("p"):
            one(projects.get(who, id_))
        else:
            overview()
    except NotFound as error:
        troubles.not_there(error.message, st.query_params.clear, "All projects")
    except StoreDown as error:
        troubles.store_down(error.message)
