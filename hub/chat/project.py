"""A conversation's project: who may enter one, and moving about.

The room of projects says through a hook whether a project is there and whose it is; nothing is stored unasked.
"""

from __future__ import annotations

from hub import hooks
from hub.chat import rows, store
from hub.chat.records import Conversation
from hub.db.who import Who
from hub.errors import NotFound


def entered(who: Who, project: str | None) -> str | None:
    """The id under which chats are kept in a project of `who`, None for none; raises NotFound for any other id."""
    if not project:
        return None
    if hooks.project_name(who, project) is None:
        raise NotFound("There is no such project.", hint="It may have been deleted.")
    return project


def move(who: Who, conversation: str, project: str | None) -> Conversation:
    """Puts a conversation into a project, or with None into none; raises NotFound for either."""
    found = store.conversation(who, conversation)
    project = entered(who, project)
    gone = ["left"] if project else ["project", "left"]
    store.update_conversation(who, found["_id"], {"project": project} if project else {}, unset=gone)
    return rows.conversation({**found, "project": project})
