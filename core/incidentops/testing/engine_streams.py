"""Streams of the in-memory engine: queues that can be ended, failed and left from any thread."""

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Generic, Self, TypeVar

from incidentops.domain.errors import Unavailable

T = TypeVar("T")


class Stream(Generic[T]):
    """An iterator over what others put in. What was put before an end or a failure is still read."""

    def __init__(self, first: Iterable[T] = ()) -> None:
        self._items = deque(first)
        self._ended = False
        self._failure: Unavailable | None = None
        self._changed = Condition()

    def put(self, item: T) -> None:
        """Append one item, unless the stream has ended."""
        with self._changed:
            if not self._ended:
                self._items.append(item)
                self._changed.notify_all()

    def end(self) -> None:
        """Nothing follows; the reader stops quietly."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close(self) -> None:
        """The reader leaves: it stops at once, and what it has not read is dropped."""
        with self._changed:
            self._items.clear()
            self._failure = None
        self.end()

    def fail(self, error: Unavailable) -> None:
        """The reader gets this error after what it has not read yet."""
        with self._changed:
            self._failure = error
        self.end()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> T:
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._ended)
            if self._items:
                return self._items.popleft()
            if self._failure is not None:
                raise self._failure
            raise StopIteration


@contextmanager
def following(stream: Stream[T], followers: list[Stream[T]], lock: Condition) -> Iterator[None]:
    """Keep a stream among its followers while the context lasts, then close it."""
    with lock:
        if stream not in followers:
            followers.append(stream)
    try:
        yield
    finally:
        stream.close()
        with lock:
            followers.remove(stream)
