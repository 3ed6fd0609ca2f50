"""One backend on the real engine, used as an operator uses it, and killed as an outage does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from backend.tests.conftest import wait_until
from backend.tests.faults.lab_process import ENGINE, IMAGES
from backend.tests.faults.target import Target
from incidentops.adapters.docker.fault_engine import DockerFaults
from incidentops.testing.containers import free_port

ROOT = Path(__file__).parents[3]
SECONDS = 90
Fault = dict[str, Any]


class Lab:
    """`mark` is carried by the containers it may see. `lesser`: its engine can do only what every engine can."""

    def __init__(self, state: Path, *, lesser: bool = False) -> None:
        self.mark = f"faults-test-{uuid4().hex[:6]}"
        self.engine = DockerFaults(ENGINE, project=self.mark, images=IMAGES)
        self._state, self._port, self._lesser = state, free_port(), lesser
        self.start()

    def start(self) -> None:
        words = [self.mark, str(self._state), str(self._port), "lesser" if self._lesser else "whole"]
        command = [sys.executable, "-m", "backend.tests.faults.lab_process", *words]
        self._process = subprocess.Popen(command, cwd=ROOT)
        wait_until(self._answers, SECONDS)

    def kill(self) -> None:
        """SIGKILL to the backend."""
        self._process.kill()
        self._process.wait()

    def ask(self, method: str, path: str, **body: Any) -> requests.Response:
        return requests.request(method, f"http://127.0.0.1:{self._port}{path}", json=body, timeout=SECONDS)

    def inject(self, target: Target, kind: str, lease: float = 60.0, **parameters: Any) -> Fault:
        """The fault as the API answers it; it bites."""
        wait_until(lambda: self.ask("GET", f"/api/v1/services/{target.service}").ok, SECONDS)
        body = {"service": target.service, "fault": kind, "parameters": parameters, "lease_seconds": lease}
        answer = self.ask("POST", "/api/v1/faults", **body)
        assert answer.status_code in (201, 202), answer.text
        fault: Fault = answer.json()
        wait_until(lambda: self.read(fault)["state"] not in ("requested", "injecting"), SECONDS)
        active = self.read(fault)
        assert active["state"] == "active", json.dumps(active)
        return active

    def read(self, fault: Fault) -> Fault:
        read: Fault = self.ask("GET", f"/api/v1/faults/{fault['id']}").json()
        return read

    def active(self) -> list[Fault]:
        faults: list[Fault] = self.ask("GET", "/api/v1/chaos").json()["active"]
        return faults

    def undo(self, fault: Fault) -> Fault:
        self.ask("DELETE", f"/api/v1/faults/{fault['id']}")
        return self.ended(fault)

    def ended(self, fault: Fault) -> Fault:
        """The fault once it has ended."""
        wait_until(lambda: self.read(fault)["state"] in ("undone", "failed"), SECONDS)
        return self.read(fault)

    def sidecar(self, fault: Fault) -> str:
        """The id of the sidecar of a fault, once it is there."""
        wait_until(lambda: bool(self._sidecars(fault)), SECONDS)
        return self._sidecars(fault)[0]

    def close(self) -> None:
        self.kill()
        for sidecar, _ in self.engine.sidecars():
            self.engine.remove(sidecar)
        self.engine.close()

    def _sidecars(self, fault: Fault) -> list[str]:
        return [sidecar for sidecar, item in self.engine.sidecars() if str(item.id) == fault["id"]]

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/health").ok
        except requests.ConnectionError:
            assert self._process.poll() is None, "the backend ended at once"
            return False


def proven_clean(fault: Fault) -> None:
    """Fails with the whole record unless the fault was undone and nothing of it is left."""
    assert (fault["state"], fault["result"]) == ("undone", "clean"), json.dumps(fault)
