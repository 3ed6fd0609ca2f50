"""What people were told against what Postgres holds."""

import requests

from e2e.stack import Stack

_PSQL = ["psql", "-U", "incidentops", "-d", "incidentops", "-At", "-c"]


def compare(stack: Stack, acknowledged: dict[str, list[str]]) -> None:
    """Every acknowledged id (by service) stands exactly once in Postgres and is ended."""
    for service, ids in acknowledged.items():
        stack.wait_until(
            lambda name=service, wanted=set(ids): wanted <= set(_stored(stack, name)),
            f"{service} is stored",
            30,
        )
    rows = _psql(stack, "SELECT count(*), count(DISTINCT id) FROM actions").split("|")
    assert rows[0] == rows[1]
    wanted = ",".join(f"'{action_id}'" for ids in acknowledged.values() for action_id in ids)
    assert _psql(stack, f"SELECT count(*) FROM actions WHERE id IN ({wanted}) AND outcome = 'running'") == "0"


def _stored(stack: Stack, service: str) -> list[str]:
    try:
        return [row["id"] for row in stack.actions(service, limit=500)]
    except requests.RequestException:
        return []


def _psql(stack: Stack, statement: str) -> str:
    """One statement over the container's own socket."""
    code, output = stack.container("postgres").exec_run([*_PSQL, statement])
    assert code == 0, output
    return output.decode().strip()
