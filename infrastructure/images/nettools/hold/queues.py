"""Queueing disciplines of the target's interfaces."""

from typing import Any

from .run import ToolError, read_json, run

LOOPBACK = "lo"


def interfaces() -> list[str]:
    """Every interface but loopback; after a reconnect the first one need not be eth0."""
    return [link["ifname"] for link in read_json("ip", "-j", "link") if link["ifname"] != LOOPBACK]


def install(discipline: tuple[str, ...]) -> None:
    """Raises ToolError."""
    for interface in interfaces():
        run("tc", "qdisc", "add", "dev", interface, "root", *discipline)


def remove() -> None:
    """Afterwards each interface has the discipline it was born with."""
    for interface, discipline in disciplines().items():
        if discipline != "noqueue":
            run("tc", "qdisc", "del", "dev", interface, "root")


def disciplines() -> dict[str, str]:
    """The root discipline of each interface but loopback."""
    return {item["dev"]: item["kind"] for item in _roots()}


def sent_bytes() -> int:
    """Through the root disciplines of all those interfaces, since each was installed."""
    return sum(item["bytes"] for item in _roots())


def _roots() -> list[dict[str, Any]]:
    found = read_json("tc", "-s", "-j", "qdisc", "show")
    return [item for item in found if item["dev"] != LOOPBACK and item.get("root")]


def knows(discipline: str, *words: str) -> bool:
    """Whether this kernel has that discipline."""
    try:
        run("tc", "qdisc", "add", "dev", LOOPBACK, "root", discipline, *words)
    except ToolError:
        return False
    return True
