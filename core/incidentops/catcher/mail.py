"""The side that speaks SMTP."""

from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from incidentops.catcher.letters import Letter, Letters


class MailCatcher:
    """Accepts every email on a port of its own."""

    def __init__(self, letters: Letters, host: str, port: int) -> None:
        self._letters = letters
        self._controller = Controller(self, hostname=host, port=port, ready_timeout=30.0)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        message = BytesParser(policy=policy.default).parsebytes(envelope.original_content or b"")
        text = message.get_body(("plain",))
        headers = {name: str(value) for name, value in message.items()}
        body = text.get_content() if text else ""
        self._letters.put(Letter(datetime.now(UTC), "email", ", ".join(envelope.rcpt_tos), headers, body))
        return "250 Message accepted"
