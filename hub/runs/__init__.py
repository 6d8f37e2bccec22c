"""Runs: generations that go on outside any page. Start one, watch it from any thread or loop, cancel it, resume it.

A run lives on the engine's own event loop, is written to the store about once a second, and outlives clicks, reloads
and dropped connections. Rooms say with `on_finish` and `on_target_finished` what is to be kept when it ends.
"""

from hub.runs.face import (
    cancel,
    forget,
    forget_person,
    get,
    goes_on,
    here,
    known,
    on_finish,
    on_target_finished,
    ongoing,
    running,
    shut_down,
    so_far,
    start,
    start_up,
    unfinished,
    wait,
    watch,
)
from hub.runs.records import (
    Call,
    Event,
    Fallback,
    Limits,
    Outcome,
    RunRecord,
    Step,
    Target,
    TargetRecord,
    Timing,
    ToolAnswer,
    Tools,
)
from hub.runs.store import INDEXES
from hub.turns import Waiting

__all__ = [
    "INDEXES",
    "Call",
    "Event",
    "Fallback",
    "Limits",
    "Outcome",
    "RunRecord",
    "Step",
    "Target",
    "TargetRecord",
    "Timing",
    "ToolAnswer",
    "Tools",
    "Waiting",
    "cancel",
    "forget",
    "forget_person",
    "get",
    "goes_on",
    "here",
    "known",
    "on_finish",
    "on_target_finished",
    "ongoing",
    "running",
    "shut_down",
    "so_far",
    "start",
    "start_up",
    "unfinished",
    "wait",
    "watch",
]
