"""Every channel against a server that really takes what it sends."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus

import pytest

from incidentops.adapters.notify.apprise import AppriseSender
from incidentops.adapters.notify.chat import NtfySender, SlackSender
from incidentops.adapters.notify.email import EmailSender
from incidentops.adapters.notify.log import LogSender
from incidentops.adapters.notify.webhook import KEY, SIGNATURE, TIMESTAMP, WebhookSender, signature
from incidentops.catcher.letters import Letter, Letters
from incidentops.catcher.mail import MailCatcher
from incidentops.catcher.web import WebCatcher
from incidentops.domain.notifications.bundles import Bundle
from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.ports.channels import NotDelivered
from incidentops.testing.containers import free_port
from incidentops.testing.outbox import a_page

SECRET = "for-tests-only"


@dataclass
class Catcher:
    """Both sides on free ports; `status` is what it answers a POST."""

    letters: Letters = field(default_factory=Letters)
    status: int = HTTPStatus.OK
    http_port: int = 0
    smtp_port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.http_port}/{path}"

    def caught(self) -> Letter:
        return self.letters.wait_for(1, 30)[0]


@pytest.fixture(scope="module")
def running() -> Iterator[Catcher]:
    catcher = Catcher(smtp_port=free_port())
    web = WebCatcher(catcher.letters, "127.0.0.1", 0, lambda _: catcher.status)
    mail = MailCatcher(catcher.letters, "127.0.0.1", catcher.smtp_port)
    catcher.http_port = web.port
    web.start()
    mail.start()
    yield catcher
    mail.stop()
    web.stop()


@pytest.fixture
def catcher(running: Catcher) -> Catcher:
    running.letters.clear()
    running.status = HTTPStatus.OK
    return running


def a_bundle(channel: Channel, target: str, *, count: int = 1) -> Bundle:
    return Bundle(tuple(a_page(methods=(ContactMethod(channel, target),)) for _ in range(count)))


def webhook() -> WebhookSender:
    return WebhookSender(SECRET, lambda: datetime(2026, 1, 5, tzinfo=UTC))


def test_a_webhook_is_signed_and_carries_the_idempotency_key(catcher: Catcher):
    bundle = a_bundle(Channel.WEBHOOK, catcher.url("pages/alice"), count=2)
    assert webhook().send(bundle).startswith("200")
    letter = catcher.caught()
    assert letter.headers[KEY] == bundle.key
    expected = signature(SECRET, letter.headers[TIMESTAMP], letter.body.encode())
    assert letter.headers[SIGNATURE] == f"sha256={expected}"
    assert [message["id"] for message in json.loads(letter.body)["messages"]] == [
        str(item.id) for item in bundle.notifications
    ]


@pytest.mark.parametrize("status", [301, 404, 500, 503])
def test_anything_but_a_success_is_no_success(catcher: Catcher, status: int):
    catcher.status = status
    with pytest.raises(NotDelivered, match=str(status)):
        webhook().send(a_bundle(Channel.WEBHOOK, catcher.url("pages/alice")))


def test_a_target_where_nobody_listens_is_named_without_its_secrets():
    target = f"http://alice:hunter2@127.0.0.1:{free_port()}/T0/s3cret"
    with pytest.raises(NotDelivered, match="no connection") as refused:
        webhook().send(a_bundle(Channel.WEBHOOK, target))
    assert "s3cret" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("incidentops.adapters.notify.posting._TIMEOUTS", (0.2, 0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NotDelivered, match="no answer in time"):
            webhook().send(a_bundle(Channel.WEBHOOK, f"http://127.0.0.1:{silent.getsockname()[1]}/"))


def test_a_chat_message_cannot_mention_a_whole_channel(catcher: Catcher):
    page = replace(a_page(), methods=(ContactMethod(Channel.SLACK, catcher.url("services/T0/B0")),))
    SlackSender().send(Bundle((replace(page, subject="<!channel> redis"),)))
    assert json.loads(catcher.caught().body)["text"].startswith("*&lt;!channel&gt; redis*")


def test_ntfy_gets_topic_title_and_priority(catcher: Catcher):
    NtfySender().send(a_bundle(Channel.NTFY, catcher.url("oncall-alice")))
    sent = json.loads(catcher.caught().body)
    assert (sent["topic"], sent["priority"]) == ("oncall-alice", 5)
    assert sent["title"].startswith("[SEV-2] redis")


def test_an_ntfy_target_without_a_topic_is_refused():
    with pytest.raises(NotDelivered, match="one topic"):
        NtfySender().send(a_bundle(Channel.NTFY, "https://ntfy.example/"))


def test_an_email_arrives_with_a_message_id_that_stays_the_same(catcher: Catcher):
    sender = EmailSender(f"smtp://127.0.0.1:{catcher.smtp_port}", "incidentops@localhost")
    bundle = a_bundle(Channel.EMAIL, "alice@example.org")
    assert sender.send(bundle) == "accepted by 127.0.0.1"
    letter = catcher.caught()
    assert (letter.to, letter.headers["Message-ID"]) == ("alice@example.org", f"<{bundle.key}@incidentops>")
    assert letter.headers["Subject"].startswith("[SEV-2] redis")
    assert letter.body.startswith("Team operations")


def test_a_password_is_not_sent_to_a_mail_server_without_encryption(catcher: Catcher):
    sender = EmailSender(f"smtp://alice:hunter2@127.0.0.1:{catcher.smtp_port}", "incidentops@localhost")
    with pytest.raises(NotDelivered, match="no encryption"):
        sender.send(a_bundle(Channel.EMAIL, "alice@example.org"))
    assert catcher.letters.all() == []


def test_a_mail_server_that_is_away_is_told_so():
    with pytest.raises(NotDelivered, match="no connection to the mail server"):
        EmailSender(f"smtp://127.0.0.1:{free_port()}", "incidentops@localhost").send(
            a_bundle(Channel.EMAIL, "alice@example.org")
        )


def test_apprise_delivers_to_what_it_knows(catcher: Catcher):
    target = f"json://127.0.0.1:{catcher.http_port}/hook"
    assert AppriseSender().send(a_bundle(Channel.APPRISE, target)) == "accepted"
    assert json.loads(catcher.caught().body)["title"].startswith("[SEV-2] redis")


@pytest.mark.parametrize("target", ["nonsense", "zzz://token/1"])
def test_apprise_refuses_what_it_does_not_know(target: str):
    with pytest.raises(NotDelivered, match="does not know"):
        AppriseSender().send(a_bundle(Channel.APPRISE, target))


def test_apprise_failing_is_a_failure(catcher: Catcher):
    catcher.status = 500
    with pytest.raises(NotDelivered, match="did not accept"):
        AppriseSender().send(a_bundle(Channel.APPRISE, f"json://127.0.0.1:{catcher.http_port}/hook"))


def test_the_log_takes_everything(capsys: pytest.CaptureFixture[str]):
    assert LogSender().send(a_bundle(Channel.LOG, "")) == "written"
    assert "redis: does not answer" in capsys.readouterr().out
