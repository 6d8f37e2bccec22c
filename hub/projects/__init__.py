"""Projects: chats, documents and memory that belong together, with instructions for every answer in them.

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`. What a project is to the
other rooms goes through `hub.hooks`: chats ask whether it is there, and hear when it goes and comes back.
"""

from hub.projects.leave import delete, purge, restore
from hub.projects.projects import change, create, get, list_projects, names
from hub.projects.records import Project
from hub.projects.store import INDEXES

__all__ = [
    "INDEXES",
    "Project",
    "change",
    "create",
    "delete",
    "get",
    "list_projects",
    "names",
    "purge",
    "restore",
]
