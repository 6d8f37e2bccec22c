"""Notifications: where a person wants to be told of things (e-mail, Slack, ntfy, a webhook and some hundred more).

Every function takes who asks first and raises NotFound, BadInput or StoreDown of `hub.errors`.
"""

from hub.notify.channels import INDEXES, add, change, channels, remove, remove_person, send, test
from hub.notify.records import Channel

__all__ = ["INDEXES", "Channel", "add", "change", "channels", "remove", "remove_person", "send", "test"]
