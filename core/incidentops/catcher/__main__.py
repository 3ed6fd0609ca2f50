"""`python -m incidentops.catcher`: SMTP on 2525 and HTTP on 8025, until told to stop."""

import structlog

from incidentops.catcher.letters import Letters
from incidentops.catcher.mail import MailCatcher
from incidentops.catcher.web import WebCatcher
from incidentops.endings import hold_endings_back, wait_for_the_end
from incidentops.telemetry import configure_logging

SMTP_PORT, HTTP_PORT = 2525, 8025


def main() -> None:
    hold_endings_back()
    configure_logging("catcher", "info")
    letters = Letters()
    sides = (MailCatcher(letters, "0.0.0.0", SMTP_PORT), WebCatcher(letters, "0.0.0.0", HTTP_PORT))
    for side in sides:
        side.start()
    structlog.get_logger().info("catching", smtp=SMTP_PORT, http=HTTP_PORT)
    wait_for_the_end()
    for side in sides:
        side.stop()


if __name__ == "__main__":
    main()
