"""What would have been: a recorded stretch of time lived through again under other rules, schedules and policies."""

from incidentops.domain.replay.difference import Difference, PagesOf, compare
from incidentops.domain.replay.paging import Circumstances, Page
from incidentops.domain.replay.recording import KINDS, Recording
from incidentops.domain.replay.run import Replayed, Setting, replay

__all__ = [
    "KINDS",
    "Circumstances",
    "Difference",
    "Page",
    "PagesOf",
    "Recording",
    "Replayed",
    "Setting",
    "compare",
    "replay",
]
