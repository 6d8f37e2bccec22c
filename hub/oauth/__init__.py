"""Signing in elsewhere with OAuth 2: the way there and back, and what a person got, encrypted and kept fresh.

Rooms that sign people in at other services build on it; what they sign in to is theirs.
"""

from hub.oauth.code import Back, begin, came_back, exchanged
from hub.oauth.grant import Kept, SignInFailed, expiry, posted, reason, taken
from hub.oauth.keeper import Keeper

__all__ = [
    "Back",
    "Keeper",
    "Kept",
    "SignInFailed",
    "begin",
    "came_back",
    "exchanged",
    "expiry",
    "posted",
    "reason",
    "taken",
]
