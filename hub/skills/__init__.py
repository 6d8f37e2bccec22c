"""Skills in the Agent Skills format: found when needed, read when used, never run.

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`. Strict for what is
written or shared with everybody here, lenient for what is imported, with everything that was mended on a list.
"""

from hub.skills.act import act, add_files
from hub.skills.active import named
from hub.skills.checking import check_text
from hub.skills.draft import Draft, draft
from hub.skills.export import all_as_zip, as_folder, as_zip
from hub.skills.git import update, updates
from hub.skills.importing import Source, from_folder, from_git, from_path, from_upload, import_, look
from hub.skills.mounted import directory
from hub.skills.rank import rank
from hub.skills.shelf import (
    body,
    by_name,
    file_text,
    files,
    get,
    offered,
    on,
    share,
    skills,
    switch,
    version,
    versions,
    visible,
)
from hub.skills.store import INDEXES, activations, deactivate
from hub.skills.trial import case_files, cases, given
from hub.skills.unsaved import drop, keep, unsaved
from hub.skills.write import create, delete, diff, problems, restore, rollback, save, template

__all__ = [
    "INDEXES",
    "Draft",
    "Source",
    "act",
    "activations",
    "add_files",
    "all_as_zip",
    "as_folder",
    "as_zip",
    "body",
    "by_name",
    "case_files",
    "cases",
    "check_text",
    "create",
    "deactivate",
    "delete",
    "diff",
    "directory",
    "draft",
    "drop",
    "file_text",
    "files",
    "from_folder",
    "from_git",
    "from_path",
    "from_upload",
    "get",
    "given",
    "import_",
    "keep",
    "look",
    "named",
    "offered",
    "on",
    "problems",
    "rank",
    "restore",
    "rollback",
    "save",
    "share",
    "skills",
    "switch",
    "template",
    "unsaved",
    "update",
    "updates",
    "version",
    "versions",
    "visible",
]
