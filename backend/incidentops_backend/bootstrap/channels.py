"""The channels of a deployment, from its settings."""

from collections.abc import Mapping

from incidentops.adapters.notify.apprise import AppriseSender
from incidentops.adapters.notify.chat import NtfySender, SlackSender
from incidentops.adapters.notify.email import EmailSender
from incidentops.adapters.notify.log import LogSender
from incidentops.adapters.notify.posting import post
from incidentops.adapters.notify.webhook import WebhookSender
from incidentops.clock import SystemClock
from incidentops.domain.notifications.contacts import Channel, ContactMethod
from incidentops.ports.channels import Sender
from incidentops.settings import BackendSettings
from incidentops_backend.bootstrap.oncall import OnCallRules


def senders(settings: BackendSettings) -> Mapping[Channel, Sender]:
    """Every channel that leads out of the product."""
    return {
        Channel.WEBHOOK: WebhookSender(settings.webhook_secret.get_secret_value(), SystemClock().now),
        Channel.EMAIL: EmailSender(settings.smtp_url.get_secret_value(), settings.mail_from),
        Channel.SLACK: SlackSender(),
        Channel.NTFY: NtfySender(),
        Channel.LOG: LogSender(),
        Channel.APPRISE: AppriseSender(),
    }


def oncall_rules(settings: BackendSettings) -> OnCallRules:
    """What the settings decide about paging."""
    dead_man = settings.dead_man_url.get_secret_value()
    return OnCallRules(
        panel_url=settings.panel_url,
        catcher_url=settings.catcher_url,
        beat=(lambda: post(dead_man, b"", {})) if dead_man else None,
        synthetic_method=ContactMethod(Channel.WEBHOOK, f"{settings.catcher_url}/synthetic"),
        synthetic_seconds=settings.synthetic_page_seconds,
    )
