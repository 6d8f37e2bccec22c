"""The stores that come with the hub, as children of this process.

Each has three steps: `prepare` (make the data folder and the user, once), `spawn` (the child process) and
`wait` (until it answers). The port stays the same for the life of the object, so clients reconnect after a restart.
"""

from hub.db.embedded.mongo import EmbeddedMongo
from hub.db.embedded.postgres import EmbeddedPostgres
from hub.db.embedded.store import EmbeddedStore

__all__ = ["EmbeddedMongo", "EmbeddedPostgres", "EmbeddedStore"]
