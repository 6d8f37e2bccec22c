"""What an answer did, as a timeline: rooms bring their own records as `Work`, and every page draws the same spans.

It stands below the rooms, so that an answer of a chat and a sub-agent that was asked under it become one tree.
"""

from hub.traces.records import Kind, Part, Pause, Piece, Sent, Span, State, Trace, Work
from hub.traces.rows import spans

__all__ = ["Kind", "Part", "Pause", "Piece", "Sent", "Span", "State", "Trace", "Work", "spans"]
