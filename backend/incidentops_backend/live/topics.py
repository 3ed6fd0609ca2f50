"""Live topics: a page says which kind of object it shows, and is told the ids of those that changed.

Only ids are sent. The page reads the objects over HTTP, so that what it shows has one source and one shape.
"""

import threading
from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from incidentops_backend.live.clients import Clients, Send

TOPICS = frozenset(
    {"incidents", "alerts", "oncall", "notifications", "experiments", "faults", "policies", "decisions"}
)
"""Everything a page can join."""

BEAT_SECONDS = 0.1
"""The least time between two messages of one topic: a storm costs ten a second, a lone change no wait."""

MOST_IDS = 200
"""More changes than this in one beat are told as "anything may have changed": an empty list of ids."""


class UnknownTopic(ValueError):
    """No topic has this name."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"There is no topic {topic!r}. Known topics: {', '.join(sorted(TOPICS))}.")


class Topics:
    """Thread-safe. `run` is the beat, in a thread of its own."""

    def __init__(self, clients: Clients, send: Send) -> None:
        self._clients, self._send = clients, send
        self._lock = threading.Lock()
        self._members: dict[str, set[str]] = defaultdict(set)
        self._pending: dict[str, dict[str, None]] = {}
        self._wake = threading.Event()
        self._stopped = threading.Event()

    def join(self, sid: str, topic: str) -> None:
        """From now on the client is told what changes. Raises UnknownTopic."""
        _check(topic)
        with self._lock:
            self._members[topic].add(sid)

    def leave(self, sid: str, topic: str) -> None:
        """Raises UnknownTopic."""
        _check(topic)
        with self._lock:
            self._members[topic].discard(sid)

    def gone(self, sid: str) -> None:
        """The client has disconnected."""
        with self._lock:
            for members in self._members.values():
                members.discard(sid)

    def changed(self, topic: str, ids: Iterable[str]) -> None:
        """These objects changed; returns at once. No ids at all, or more than MOST_IDS: any of them may have. Raises
        UnknownTopic."""
        _check(topic)
        fresh = dict.fromkeys(islice(ids, MOST_IDS + 1))
        with self._lock:
            known = self._pending.get(topic)
            together = {} if known == {} or not fresh else {**(known or {}), **fresh}
            self._pending[topic] = together if len(together) <= MOST_IDS else {}
        self._wake.set()

    def renew(self, sid: str) -> None:
        """Tell a client that missed messages to read everything it shows again."""
        with self._lock:
            joined = [topic for topic, members in self._members.items() if sid in members]
        for topic in joined:
            self._send("topic", {"topic": topic, "ids": []}, [sid])

    def flush(self) -> None:
        """Send what is pending to those members that keep up."""
        with self._lock:
            pending, self._pending = self._pending, {}
            members = {topic: set(self._members[topic]) for topic in pending}
        receivers = self._clients.receivers()
        for topic, ids in pending.items():
            present = [sid for sid in receivers if sid in members[topic]]
            self._send("topic", {"topic": topic, "ids": list(ids)}, present)

    def run(self) -> None:
        """Send until `stop`, at most once per beat."""
        while not self._stopped.is_set():
            self._wake.wait()
            self._wake.clear()
            self.flush()
            self._stopped.wait(BEAT_SECONDS)

    def stop(self) -> None:
        self._stopped.set()
        self._wake.set()


def _check(topic: str) -> None:
    if topic not in TOPICS:
        raise UnknownTopic(topic)
