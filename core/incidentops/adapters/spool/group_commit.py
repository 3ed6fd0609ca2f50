"""Many threads wait for the disk, one of them goes there for all."""

import errno
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class _Ticket(Generic[T]):
    item: T
    done: bool = False
    error: OSError | None = None


class GroupCommit(Generic[T]):
    """Calls `commit` with everything that is waiting, from one thread at a time, in order of arrival.

    `commit` makes its items durable, or raises OSError having stored none of them.
    """

    def __init__(self, commit: Callable[[Sequence[T]], None]) -> None:
        self._commit = commit
        self._change = threading.Condition()
        self._waiting: list[_Ticket[T]] = []
        self._committing = False

    def submit(self, item: T) -> None:
        """Return once the item is durable. Raises OSError when it is not."""
        ticket = _Ticket(item)
        batch = self._wait_for_turn(ticket)
        if batch:
            self._commit_all(batch)
        if ticket.error is not None:
            raise OSError(ticket.error.errno, ticket.error.strerror) from ticket.error

    def queued(self) -> int:
        """How many items wait for the next commit."""
        with self._change:
            return len(self._waiting)

    def _wait_for_turn(self, ticket: _Ticket[T]) -> list[_Ticket[T]]:
        """Everything that waits, when it falls to this thread; nothing when another has committed it."""
        with self._change:
            self._waiting.append(ticket)
            self._change.wait_for(lambda: ticket.done or not self._committing)
            if ticket.done:
                return []
            self._committing = True
            batch, self._waiting = self._waiting, []
            return batch

    def _commit_all(self, batch: list[_Ticket[T]]) -> None:
        error: OSError | None = OSError(errno.EIO, "the writing thread was interrupted")
        try:
            self._commit([ticket.item for ticket in batch])
            error = None
        except OSError as failure:
            error = failure
        finally:
            with self._change:
                for ticket in batch:
                    ticket.error, ticket.done = error, True
                self._committing = False
                self._change.notify_all()
