"""A stressor that runs inside its target, where no sidecar can join the target's control group.

The stressor's sidecar shares the target's processes and lends its program: the target runs it as `/proc/PID/exe`, so
that no file is put there, and it ends with the sidecar. Nothing of the target's is ever executed.
"""

from incidentops.adapters.docker.client import EngineClient
from incidentops.domain.errors import EngineRefused
from incidentops.ports.faults import Report

_ROOT = "0"


def run_inside(client: EngineClient, target: str, lender: Report | None, arguments: tuple[str, ...]) -> None:
    """Returns once it runs. `lender` is the first report of the sidecar. Raises EngineRefused when one of the two
    ended at once, and what the SDK raises."""
    if lender is None or lender.pid is None:
        raise EngineRefused("the stressor's sidecar ended at once")
    command = [f"/proc/{lender.pid}/exe", *arguments]
    execution = client.exec_create(target, command, stdout=False, stderr=False, user=_ROOT)["Id"]
    client.exec_start(execution, detach=True)
    facts = client.exec_inspect(execution)
    if not facts["Running"]:
        raise EngineRefused(f"the stressor ended at once, with exit code {facts['ExitCode']}")
