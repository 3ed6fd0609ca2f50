"""The running stack as its users reach it: HTTP from outside, and the engine's own client to break things."""

import time
from collections.abc import Callable
from http import HTTPStatus

import docker
import requests

API = "http://localhost:8000"
PANEL = "http://localhost:8080"
SERVICES = frozenset(
    {
        "frontend",
        "backend",
        "worker",
        "chaos",
        "remediator",
        "postgres",
        "redis",
        "rabbitmq",
        "prometheus",
        "catcher",
    }
)
READ_SECONDS, ACT_SECONDS = 15, 60
PATIENCE_SECONDS = 60.0
"""The default deadline of a wait: nobody waits that long unless something is wrong or the machine very slow."""


class Stack:
    """A thin client; every wait has a deadline and says what it waited for."""

    def __init__(self, api: str = API, engine: docker.DockerClient | None = None) -> None:
        self.api, self.engine = api, engine or docker.from_env()

    def services(self) -> dict[str, dict]:
        answer = requests.get(f"{self.api}/services", timeout=READ_SECONDS)
        answer.raise_for_status()
        return {service["name"]: service for service in answer.json()}

    def post(self, path: str, **options) -> requests.Response:
        return requests.post(self.api + path, timeout=ACT_SECONDS, **options)

    def actions(self, service: str, limit: int = 50) -> list[dict]:
        """The newest rows of the service's log, once Postgres answers."""
        return self.read("/api/v1/actions", service=service, limit=limit)["items"]

    def read(self, path: str, **query: str | int | list[str]) -> dict:
        """What the truth says: 503 means that Postgres is not back yet. Raises HTTPError for any other refusal."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = requests.get(self.api + path, params=query, timeout=READ_SECONDS)
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE or time.monotonic() > deadline:
                answer.raise_for_status()
                return answer.json()
            time.sleep(0.05)

    def container(self, service: str):
        """The engine's own handle of a service of our project."""
        return self.engine.containers.get(f"incidentops-{service}-1")

    def wait_for(self, service: str, seconds: float = PATIENCE_SECONDS, **expected) -> dict:
        """Until the service shows these fields. Raises AssertionError with what it shows instead."""
        deadline = time.monotonic() + seconds
        while True:
            shown = self._shown(service)
            if shown and all(shown.get(key) == value for key, value in expected.items()):
                return shown
            assert time.monotonic() < deadline, f"{service} is {shown}, expected {expected}"
            time.sleep(0.05)

    def wait_until(self, condition: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Poll until true. Raises AssertionError naming what was waited for."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"waited {seconds} s until {what}"
            time.sleep(0.05)

    def resolve_incidents(self, service: str) -> None:
        """End what is unresolved about a service, as a person would: experiments leave it alone otherwise."""
        unresolved = ["open", "acknowledged", "in_progress"]
        for incident in self.read("/api/v1/incidents", service=service, status=unresolved)["items"]:
            where = f"{self.api}/api/v1/incidents/{incident['id']}"
            requests.patch(where, json={"status": "resolved"}, timeout=ACT_SECONDS).raise_for_status()

    def bring_everything_up(self) -> None:
        """Every service UP and wanted so: what a test stopped is started as an operator would."""
        if self._everything_runs():
            return
        for door in ("backend", "frontend"):
            if self.container(door).status != "running":
                self.container(door).start()
        self.wait_for("backend", status="UP")
        for service in sorted(SERVICES):
            shown = self.wait_for(service)
            if shown["status"] == "DOWN" or shown["wish"] == "stopped":
                self.wait_until(lambda name=service: self.post(f"/start/{name}").ok, f"{service} is started")
        for service in sorted(SERVICES):
            self.wait_for(service, status="UP", busy=None)
        self.wait_until(self.is_ready, "the backend reaches what it stands on")

    def is_ready(self) -> bool:
        """Whether the backend answers and reaches everything it stands on, so that its log can be read."""
        try:
            answer = requests.get(f"{self.api}/health/ready", timeout=READ_SECONDS)
        except requests.RequestException:
            return False
        return answer.ok and all(each["state"] == "up" for each in answer.json()["dependencies"])

    def _everything_runs(self) -> bool:
        """The same in one reading of engine, backend and view each, which is enough between most tests."""
        ours = {"label": "com.docker.compose.project=incidentops", "status": "running"}
        containers = self.engine.api.containers(
            filters=ours
        )  # one call; the other list asks for each container
        running = {item["Labels"]["com.docker.compose.service"] for item in containers}
        if not (running >= SERVICES and self.is_ready()):
            return False
        shown = self.services()
        return all(name in shown and _undisturbed(shown[name]) for name in SERVICES)

    def _shown(self, service: str) -> dict | None:
        try:
            return self.services().get(service)
        except requests.RequestException:
            return None


def _undisturbed(shown: dict) -> bool:
    return (shown["status"], shown["busy"]) == ("UP", None) and shown["wish"] != "stopped"
