"""One AMQP connection in a thread of its own, made again for as long as the bus lives.

It runs pika's select loop instead of a BlockingConnection, because only the loop confirms many messages at
once through public calls, and because nothing in it can block on a broker that hangs.
"""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pika
import structlog
from pika.adapters.select_connection import IOLoop
from pika.channel import Channel
from pika.exceptions import AMQPError

from incidentops.adapters.rabbitmq import topology
from incidentops.adapters.rabbitmq.errors import words_of

HEARTBEAT_SECONDS = 10
CONNECT_SECONDS = 3.0
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0

_log = structlog.get_logger(__name__)


class Link:
    """Keeps a channel with the topology declared on it.

    `on_ready(channel)` runs on every new channel and `on_lost()` after its end, both in the link's thread,
    the only one in which pika objects may be touched: others hand their work over with `call`.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        retry_delays_ms: Sequence[int],
        on_ready: Callable[[Channel], None],
        on_lost: Callable[[], None],
    ) -> None:
        self.name = name
        self.last_error = "not connected yet"
        self._parameters = _parameters(url, name)
        self._retry_delays_ms = retry_delays_ms
        self._on_ready = on_ready
        self._on_lost = on_lost
        self._closing = threading.Event()
        self._ready = threading.Event()
        self._lock = threading.Lock()
        self._loop: IOLoop | None = None
        self._connection: Any = None
        self._thread = threading.Thread(target=self._run, name=f"bus {name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ready(self) -> bool:
        return self._ready.is_set()

    def call(self, work: Callable[[], None]) -> bool:
        """Run `work` in the link's thread, soon. False when there is no connection to work on."""
        with self._lock:
            if self._loop is None:
                return False
            self._loop.add_callback_threadsafe(work)
            return True

    def open_channel(self, on_open: Callable[[Channel], None]) -> bool:
        """Open a further channel on the connection. False when there is none."""
        return self.ready() and self.call(lambda: self._connection.channel(on_open_callback=on_open))

    def close(self, seconds: float) -> None:
        """Say goodbye to the broker; after `seconds` leave without its answer."""
        self._closing.set()
        self.call(self._say_goodbye)
        self._thread.join(seconds)
        if self._thread.is_alive():
            self.call(lambda: self.abandon("closed"))
            self._thread.join(0.2)

    def abandon(self, reason: str) -> None:
        """Leave the connection without the broker's consent; a new one follows. In the link's thread only."""
        _log.warning("bus_connection_abandoned", connection=self.name, reason=reason)
        # pika's own close() waits for a broker that may hang; this is what its missed heartbeat does.
        self._connection._terminate_stream(AMQPError(reason))

    def _run(self) -> None:
        pauses = _pauses()
        while not self._closing.is_set():
            if self._connect_once():
                pauses = _pauses()
            self._closing.wait(next(pauses))

    def _connect_once(self) -> bool:
        """Connect and serve until the connection ends. True when it had become ready."""
        loop = IOLoop()
        with self._lock:
            self._loop = loop
        self._connection = pika.SelectConnection(
            self._parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._ended,
            on_close_callback=self._ended,
            custom_ioloop=loop,
        )
        self._serve(loop)
        with self._lock:
            self._loop = None
        loop.close()
        return self._leave()

    def _serve(self, loop: IOLoop) -> None:
        try:
            loop.start()
        except Exception as error:  # noqa: BLE001 - a mistake in a callback costs a connection, not the thread
            self.last_error = words_of(error)
            _log.exception("bus_connection_failed", connection=self.name)

    def _leave(self) -> bool:
        was_ready = self._ready.is_set()
        self._ready.clear()
        self._on_lost()
        return was_ready

    def _opened(self, connection: Any) -> None:
        if self._closing.is_set():
            connection.close()
            return
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Channel) -> None:
        channel.add_on_close_callback(self._channel_closed)
        topology.declare(channel, self._retry_delays_ms, lambda: self._declared(channel))

    def _declared(self, channel: Channel) -> None:
        if not channel.is_open:  # we are leaving already
            return
        self._ready.set()
        _log.info("bus_connected", connection=self.name)
        self._on_ready(channel)

    def _channel_closed(self, channel: Channel, reason: BaseException) -> None:
        """The broker may close a channel alone (a contradicting declaration): start over from the top."""
        if channel.connection.is_open:
            channel.connection.close(320, words_of(reason))

    def _ended(self, _connection: Any, reason: BaseException) -> None:
        was, self.last_error = self.last_error, words_of(reason)
        if not self._closing.is_set() and (self.ready() or was != self.last_error):
            _log.warning("bus_connection_lost", connection=self.name, reason=self.last_error)
        self._stop_loop()

    def _say_goodbye(self) -> None:
        if self._connection.is_open:
            self._connection.close()
        elif self._connection.is_closed:
            self._stop_loop()
        else:  # still connecting: its socket is only closed when the attempt is taken back
            self.abandon("closed")

    def _stop_loop(self) -> None:
        self._connection.ioloop.stop()


def _parameters(url: str, name: str) -> pika.URLParameters:
    parameters = pika.URLParameters(url)
    parameters.heartbeat = HEARTBEAT_SECONDS
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = CONNECT_SECONDS
    parameters.client_properties = {"connection_name": name}
    return parameters


def _pauses() -> Iterator[float]:
    """Seconds between attempts: doubling up to a limit, spread so that clients do not come all at once."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load, not keeping a secret
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
