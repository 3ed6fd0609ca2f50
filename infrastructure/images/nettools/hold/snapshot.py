"""What the target looks like, as far as a plan could change it. Tables of other faults are left out: they come and
go by themselves."""

import json

from . import queues, volume
from .plan import Plan
from .rules import QUEUE_TABLE
from .run import read_json, run

OURS = "incidentops_"


def snapshot(plan: Plan, *, volume_mounted: bool) -> dict[str, str]:
    """By what was looked at; equal texts mean equal."""
    if volume_mounted:
        return {"files": json.dumps(volume.left_files())}
    if not plan.networked:
        return {}
    seen = {"rules": _rules(plan), "addresses": _addresses()}
    if plan.queue:
        seen["queues"] = json.dumps(queues.disciplines(), sort_keys=True)
    return seen


def _rules(plan: Plan) -> str:
    others = () if plan.delay_ms else (f"ip {QUEUE_TABLE}",)
    names = [line.removeprefix("table ") for line in run("nft", "list", "tables").splitlines()]
    shown = [name for name in names if (OURS not in name or name.endswith(plan.table)) and name not in others]
    return "\n".join(run("nft", "-s", "list", "table", *name.split()) for name in shown)


def _addresses() -> str:
    links = read_json("ip", "-j", "address")
    pairs = [(link["ifname"], [info["local"] for info in link["addr_info"]]) for link in links]
    return json.dumps(sorted(pairs))
