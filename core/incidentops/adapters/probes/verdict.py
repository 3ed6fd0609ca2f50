"""What a protocol's answer means."""

from typing import NamedTuple


class Verdict(NamedTuple):
    """Whether the service is alive, and its answer in a few words."""

    alive: bool
    detail: str
