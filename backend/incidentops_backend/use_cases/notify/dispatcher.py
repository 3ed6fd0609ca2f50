"""Brings what is due to its channels, several at once, and writes down what they answered."""

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from incidentops.domain.errors import Unavailable
from incidentops.domain.notifications.bundles import Bundle, bundled
from incidentops.domain.notifications.contacts import Channel
from incidentops.domain.notifications.notification import AttemptOutcome, after_failure, delivered
from incidentops.ports import Clock
from incidentops.ports.channels import NotDelivered, Sender
from incidentops.ports.outbox import LEASE, Finished, Outbox

log = structlog.get_logger()

WORKERS = 8
CLAIMS_PER_WORKER = 3
"""So many that even with every channel at its slowest none waits longer than its lease."""
IDLE_SECONDS = 0.5

Listener = Callable[[Bundle, list[Finished]], None]


class Dispatcher:
    """Any number of backends may run one on the same Postgres: each message is claimed by one of them."""

    def __init__(self, outbox: Outbox, senders: Mapping[Channel, Sender], clock: Clock) -> None:
        self._outbox, self._senders, self._clock = outbox, senders, clock
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="notify")
        self._lock = threading.Lock()
        self._in_hand = 0
        self._listeners: list[Listener] = []
        self._wake = threading.Event()

    def listen(self, listener: Listener) -> None:
        """Be told of every attempt that has ended and is written down."""
        self._listeners.append(listener)

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._wake.set()

    def run(self, stopping: threading.Event) -> None:
        """Deliver until told to stop."""
        while not stopping.is_set():
            self._wake.clear()
            self._deliver_all()
            self._wake.wait(IDLE_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def run_once(self) -> list[Future[None]]:
        """Claim what is due and hand it to the workers; nothing while all of them are busy."""
        if self._in_hand >= WORKERS:
            return []
        claimed = self._outbox.claim(self._clock.now(), limit=WORKERS * CLAIMS_PER_WORKER)
        return [self._submit(bundle) for bundle in bundled(claimed)]

    # -- inside ------------------------------------------------------------------------------------------

    def _deliver_all(self) -> None:
        try:
            while self.run_once():
                pass
        except Unavailable:
            return
        except Exception:  # this thread must outlive any surprise: without it nobody is paged
            log.exception("dispatcher_failed")

    def _submit(self, bundle: Bundle) -> Future[None]:
        with self._lock:
            self._in_hand += 1
        return self._pool.submit(self._work, bundle)

    def _work(self, bundle: Bundle) -> None:
        try:
            self._deliver(bundle)
        except Exception:
            log.exception("attempt_not_written_down", key=bundle.key)
        finally:
            with self._lock:
                self._in_hand -= 1
            self._wake.set()  # after a failure the next channel is due at once

    def _deliver(self, bundle: Bundle) -> None:
        outcome, answer = self._send(bundle)
        now = self._clock.now()
        settle = delivered if outcome is AttemptOutcome.DELIVERED else after_failure
        told = answer.replace(
            "\x00", "\ufffd"
        )  # no database keeps NUL: the attempt would be repeated for ever
        results = [Finished(settle(item, now), outcome, told, now) for item in bundle.notifications]
        if self._write_down(results):
            for listener in self._listeners:
                listener(bundle, results)

    def _send(self, bundle: Bundle) -> tuple[AttemptOutcome, str]:
        sender = self._senders.get(bundle.method.channel)
        if sender is None:
            return AttemptOutcome.FAILED, f"there is no channel {bundle.method.channel} here"
        try:
            return AttemptOutcome.DELIVERED, sender.send(bundle)
        except NotDelivered as error:
            return AttemptOutcome.FAILED, str(error)
        except Exception as error:
            log.exception("channel_broken", channel=bundle.method.channel)
            return AttemptOutcome.FAILED, f"the channel is broken ({type(error).__name__})"

    def _write_down(self, results: list[Finished]) -> bool:
        """Whether it was. Postgres may have gone while the channel was busy: while the lease lasts, try again,
        else the message is sent once more, under the same key."""
        give_up = time.monotonic() + LEASE.total_seconds()
        while True:
            try:
                self._outbox.finish(results)
            except Unavailable as error:
                if time.monotonic() > give_up:
                    log.error("attempt_not_written_down", reason=str(error))
                    return False
                time.sleep(IDLE_SECONDS)
            else:
                return True
