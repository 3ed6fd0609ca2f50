"""Email by SMTP."""

import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from incidentops.domain.notifications.bundles import Bundle
from incidentops.ports.channels import NotDelivered

_SECONDS = 8.0  # for each exchange with the server
_SMTP_PORT, _SMTPS_PORT = 25, 465


class EmailSender:
    """Through one server: `smtp://[user:password@]host[:port]`, with STARTTLS where the server offers it, or
    `smtps://…`. The target is an address. The server's acceptance counts as delivered."""

    def __init__(self, server_url: str, sender: str) -> None:
        self._url, self._sender = urlsplit(server_url), sender

    def send(self, bundle: Bundle) -> str:
        try:
            with self._connect() as server:
                self._log_in(server)
                server.send_message(self._message(bundle))
        except (OSError, smtplib.SMTPException, ValueError) as error:
            raise NotDelivered(_sentence(error)) from None
        return f"accepted by {self._url.hostname}"

    def _message(self, bundle: Bundle) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = " ".join(bundle.subject.split())
        message["From"] = self._sender
        message["To"] = bundle.method.target
        message["Message-ID"] = f"<{bundle.key}@incidentops>"
        message.set_content(bundle.body)
        return message

    def _connect(self) -> smtplib.SMTP:
        host = self._url.hostname or "localhost"
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self._url.port or _SMTPS_PORT, timeout=_SECONDS, context=context)
        return smtplib.SMTP(host, self._url.port or _SMTP_PORT, timeout=_SECONDS)

    def _log_in(self, server: smtplib.SMTP) -> None:
        """Credentials never travel in the clear."""
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif self._url.username and self._url.scheme == "smtp":
            raise NotDelivered("the mail server offers no encryption, so the password was not sent")
        if self._url.username:
            server.login(unquote(self._url.username), unquote(self._url.password or ""))


def _sentence(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = error.smtp_error
        return (
            f"{error.smtp_code} {answer.decode('utf-8', 'replace') if isinstance(answer, bytes) else answer}"
        )
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "the mail server refused the recipient"
    return f"no connection to the mail server ({type(error).__name__})"
