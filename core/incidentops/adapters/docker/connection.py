"""The clients of one engine, made when they are first needed: the engine may be away when we start."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from incidentops.adapters.docker.address import EngineAddress
from incidentops.adapters.docker.client import EngineClient, pinned_version
from incidentops.adapters.docker.errors import translated
from incidentops.adapters.docker.streams import EngineStream

QUERY_SECONDS = 2.0
VERB_SECONDS = 15.0


class EngineConnection:
    """Hands out clients and streams; their errors are the port's. Thread-safe."""

    def __init__(self, url: str) -> None:
        self.address = EngineAddress.parse(url)
        self._made: _Clients | None = None

    @contextmanager
    def query(self) -> Iterator[EngineClient]:
        """For questions: 2 s to answer."""
        with translated():
            yield self._clients().query

    @contextmanager
    def verb(self) -> Iterator[EngineClient]:
        """For actions: 15 s to answer, which stop and restart extend by their grace."""
        with translated():
            yield self._clients().verb

    def renegotiate(self) -> None:
        """Ask for the API version anew: an engine that comes back may have been upgraded."""
        with translated():
            version = pinned_version(self.address, QUERY_SECONDS)
            if self._made is None or self._made.query.api_version != version:
                self._made = self._make(version)

    def ping(self) -> None:
        """Raises `Unavailable` when the engine does not answer."""
        with self.query() as client:
            client.ping()

    def stream(self, path: str) -> EngineStream:
        """Open a streaming GET of a versioned path."""
        with self.query() as client:
            return EngineStream(self.address, f"/v{client.api_version}{path}", self.ping)

    def close(self) -> None:
        """Close the pooled connections; a later call opens new ones."""
        made, self._made = self._made, None
        if made is not None:
            made.query.close()
            made.verb.close()

    def _clients(self) -> "_Clients":
        made = self._made
        if made is None:
            self._made = made = self._make(pinned_version(self.address, QUERY_SECONDS))
        return made

    def _make(self, version: str) -> "_Clients":
        return _Clients(
            query=EngineClient(self.address, version=version, timeout_seconds=QUERY_SECONDS),
            verb=EngineClient(self.address, version=version, timeout_seconds=VERB_SECONDS),
        )


@dataclass(frozen=True, slots=True)
class _Clients:
    """The same engine and version with two read timeouts."""

    query: EngineClient
    verb: EngineClient
