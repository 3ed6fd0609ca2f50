"""Settings from the environment (prefix `INCIDENTOPS_`), read once, failing with all problems together.

A URL with a password is a secret: it is never printed, logged or shown.
"""

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "INCIDENTOPS_"
SOURCES = ("api", "alertmanager", "prometheus", "grafana", "pagerduty", "cloudevents", "heartbeat")
"""Who may have an integration key."""

_USAGE_ERROR = 2

Port = Annotated[int, Field(ge=1, le=65535)]


class ServiceSettings(BaseSettings):
    """What every Python service reads."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    broker_url: SecretStr = Field(
        default=SecretStr("amqp://incidentops:incidentops@rabbitmq:5672/%2F"),
        description="RabbitMQ, as amqp://",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least severe level that is logged"
    )
    metrics_port: Port = Field(
        default=9102,
        description="where the thin services serve /health, /health/ready and /metrics",
    )


class BackendSettings(ServiceSettings):
    """What the control plane reads beside that."""

    engine_url: str = Field(
        default="unix:///var/run/docker.sock", description="the engine, as unix:///path or tcp://host:port"
    )
    database_url: SecretStr = Field(
        default=SecretStr("postgresql://incidentops:incidentops@postgres:5432/incidentops"),
        description="Postgres, as postgresql://",
    )
    cache_url: SecretStr = Field(
        default=SecretStr("redis://:incidentops@redis:6379/0"), description="Redis, as redis://"
    )
    state_dir: Path = Field(
        default=Path("/var/lib/incidentops"), description="where accepted records wait while Postgres is away"
    )
    policies_dir: Path = Field(
        default=Path("/etc/incidentops/policies"), description="the remediation policies, as *.yml"
    )
    outages_dir: Path = Field(
        default=Path("/etc/incidentops/outages"), description="the outage policies, as *.yml"
    )
    project: str = Field(default="incidentops", description="our own compose project", min_length=1)
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("http://localhost:8080", "http://127.0.0.1:8080"),
        description="origins whose pages may write, separated by commas; their hosts are answered to",
    )
    probe_image: str = Field(
        default="incidentops/backend:dev", description="the image of the sidecars that probe foreign services"
    )
    nettools_image: str = Field(
        default="incidentops/nettools:dev", description="the image of the sidecars that hold faults"
    )
    stressor_image: str = Field(
        default="incidentops/stressor:dev", description="the image of the sidecars that use up CPU and memory"
    )
    experiments_dir: Path = Field(
        default=Path("/usr/share/incidentops/experiments"),
        description="the library of experiments, one per file",
    )
    cgroup_root: Path = Field(
        default=Path("/sys/fs/cgroup"), description="where resource use is read, when it can be seen"
    )
    integration_keys: SecretStr = Field(
        default=SecretStr(""),
        description="keys that senders of alerts must show, as source=key, separated by commas; sources are api, "
        "alertmanager, prometheus, grafana, pagerduty, cloudevents and heartbeat; empty: anyone on loopback",
    )
    http_port: Port = Field(default=8000, description="where the API listens")
    panel_url: str = Field(default="http://localhost:8080", description="where links in messages lead")
    smtp_url: SecretStr = Field(
        default=SecretStr("smtp://catcher:2525"), description="the mail server, as smtp:// or smtps://"
    )
    mail_from: str = Field(default="incidentops@localhost", description="the sender of emails")
    webhook_secret: SecretStr = Field(
        default=SecretStr("incidentops"), description="what webhooks are signed with", min_length=8
    )
    catcher_url: str = Field(
        default="http://catcher:8025", description="where the shipped users' pages are caught in the lab"
    )
    dead_man_url: SecretStr = Field(
        default=SecretStr(""), description="what is called each 30 s while no page is overdue; empty: nothing"
    )
    synthetic_page_seconds: Annotated[float, Field(ge=5)] = Field(
        default=300.0, description="how often a synthetic page goes the whole way"
    )
    auth: Literal["none"] = Field(
        default="none", description="how people say who they are; with none, everything stays on loopback"
    )

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(_items(value)) if isinstance(value, str) else value

    @field_validator("integration_keys")
    @classmethod
    def _readable(cls, value: SecretStr) -> SecretStr:
        for item in _items(value.get_secret_value()):
            source, _, key = item.partition("=")
            if source not in SOURCES or not key:
                raise ValueError(f"source=key is expected, the source one of {', '.join(SOURCES)}")
        return value

    def keys_by_source(self) -> dict[str, str]:
        """The integration key of each source that has one."""
        pairs = (item.partition("=") for item in _items(self.integration_keys.get_secret_value()))
        return {source: key for source, _, key in pairs}


AnySettings = TypeVar("AnySettings", bound=ServiceSettings)


def read_settings(kind: type[AnySettings]) -> AnySettings:
    """The settings of this process. Ends it with status 2 and one line per problem when any is wrong."""
    try:
        return kind()
    except ValidationError as error:
        _refuse(error)


def _items(text: str) -> list[str]:
    """What stands between commas."""
    return [item.strip() for item in text.split(",") if item.strip()]


def _refuse(error: ValidationError) -> NoReturn:
    for item in error.errors(include_url=False, include_input=False):
        name = PREFIX + "_".join(str(part) for part in item["loc"]).upper()
        sys.stderr.write(f"{name}: {item['msg']}\n")
    raise SystemExit(_USAGE_ERROR)
