"""`python -m incidentops.catcher`: SMTP on 2525 and HTTP on 8025, until told to stop."""

import signal
import threading

import structlog

from incidentops.catcher.letters import Letters
from incidentops.catcher.mail import MailCatcher
from incidentops.catcher.web import WebCatcher
from incidentops.telemetry import configure_logging

SMTP_PORT, HTTP_PORT = 2525, 8025


def main() -> None:
    configure_logging("catcher", "info")
    letters, stopped = Letters(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    sides = (MailCatcher(letters, "0.0.0.0", SMTP_PORT), WebCatcher(letters, "0.0.0.0", HTTP_PORT))
    for side in sides:
        side.start()
    structlog.get_logger().info("catching", smtp=SMTP_PORT, http=HTTP_PORT)
    stopped.wait()
    for side in sides:
        side.stop()


if __name__ == "__main__":
    main()
