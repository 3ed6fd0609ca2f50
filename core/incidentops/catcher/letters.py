"""What was caught, newest first."""

import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime

MOST = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """One email or one POST. `to` is the address or the path."""

    at: datetime
    channel: str
    to: str
    headers: dict[str, str]
    body: str


class Letters:
    """Thread-safe; keeps the newest MOST."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._letters: deque[Letter] = deque(maxlen=MOST)

    def put(self, letter: Letter) -> None:
        with self._lock:
            self._letters.appendleft(letter)
            self._lock.notify_all()

    def all(self) -> list[Letter]:
        with self._lock:
            return list(self._letters)

    def clear(self) -> None:
        with self._lock:
            self._letters.clear()

    def wait_for(self, count: int, seconds: float) -> list[Letter]:
        """All of them, once there are so many. Raises TimeoutError."""
        with self._lock:
            if not self._lock.wait_for(lambda: len(self._letters) >= count, seconds):
                raise TimeoutError(f"{len(self._letters)} letters after {seconds} s, not {count}")
            return list(self._letters)
