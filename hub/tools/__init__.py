"""What models may call: one belt of tools for each answer, with permission, and what is decided about tools.

belt = Belt(turn)
request = ChatRequest(messages, tools=belt.specs)
answer = belt.call(use)
"""

from hub.tools.belt import Belt
from hub.tools.records import Rule, Ruling
from hub.tools.store import INDEXES
from hub.turns import Reply

__all__ = ["INDEXES", "Belt", "Reply", "Rule", "Ruling"]
