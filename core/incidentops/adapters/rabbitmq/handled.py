"""Which messages a queue's consumers have handled already: the key of idempotency is (queue, message id)."""

import threading
from collections import OrderedDict
from typing import Protocol
from uuid import UUID


class HandledIds(Protocol):
    """Remembers handled messages. A durable one (a table beside the effects) can take this place."""

    def seen(self, queue: str, message_id: UUID) -> bool: ...

    def add(self, queue: str, message_id: UUID) -> None: ...


class RecentIds:
    """The newest `capacity` ids, in memory: covers redeliveries while the process lives."""

    def __init__(self, capacity: int = 10_000) -> None:
        self._capacity = capacity
        self._ids: OrderedDict[tuple[str, UUID], None] = OrderedDict()
        self._lock = threading.Lock()

    def seen(self, queue: str, message_id: UUID) -> bool:
        with self._lock:
            return (queue, message_id) in self._ids

    def add(self, queue: str, message_id: UUID) -> None:
        with self._lock:
            self._ids[queue, message_id] = None
            if len(self._ids) > self._capacity:
                self._ids.popitem(last=False)
