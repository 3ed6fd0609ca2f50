"""People at work: several threads that act through the API and remember what was acknowledged."""

import itertools
import threading
from collections.abc import Callable

import requests

from e2e.stack import ACT_SECONDS, API

_PAUSE_SECONDS = 0.02


class Operators:
    """A context: inside it people act. `acknowledged` holds the ids of all answers with 200, by service."""

    def __init__(self, jobs: list[tuple[str, str]], people: int = 4, api: str = API) -> None:
        self.acknowledged: dict[str, list[str]] = {}
        self.slowest_seconds = 0.0
        self._jobs, self._api = jobs, api
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(people)]

    def __enter__(self) -> "Operators":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def count(self) -> int:
        with self._lock:
            return sum(len(ids) for ids in self.acknowledged.values())

    def wait_for(self, more: int, wait_until: Callable[..., None]) -> None:
        """Until that many further actions were acknowledged."""
        goal = self.count() + more
        wait_until(lambda: self.count() >= goal, f"{more} more actions are acknowledged", 60)

    def _work(self, number: int) -> None:
        with requests.Session() as session:
            for verb, service in itertools.islice(itertools.cycle(self._jobs), number, None):
                if self._stopped.wait(_PAUSE_SECONDS):
                    return
                self._act(session, verb, service)

    def _act(self, session: requests.Session, verb: str, service: str) -> None:
        try:
            answer = session.post(f"{self._api}/{verb}/{service}", timeout=ACT_SECONDS)
        except requests.RequestException:
            return  # nothing was acknowledged
        if answer.status_code == 200:
            with self._lock:
                self.acknowledged.setdefault(service, []).append(answer.json()["action_id"])
                self.slowest_seconds = max(self.slowest_seconds, answer.elapsed.total_seconds())
