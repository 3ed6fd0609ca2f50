"""What the wire formats share: texts, labels and times, with their limits."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from incidentops.domain.alerts import Signal, SignalKind, fingerprint, masked
from incidentops.domain.severity import severity_of
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Timestamp

MAX_LABELS = 64
MAX_LABEL_CHARACTERS = 16_384
MAX_ANNOTATION_CHARACTERS = 32_768

Key = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Value = Annotated[str, StringConstraints(max_length=4096, pattern=NO_NUL)]
LongText = Annotated[str, StringConstraints(max_length=16_384, pattern=NO_NUL)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Summary = Annotated[str, StringConstraints(min_length=1, max_length=1024, pattern=NO_NUL)]


def _within(limit: int) -> AfterValidator:
    def check(values: dict[str, str]) -> dict[str, str]:
        size = sum(map(len, values)) + sum(map(len, values.values()))
        if size > limit:
            raise ValueError(f"{size} characters together, at most {limit}")
        return values

    return AfterValidator(check)


Labels = Annotated[dict[Key, Value], Field(max_length=MAX_LABELS), _within(MAX_LABEL_CHARACTERS)]
Annotations = Annotated[dict[Key, LongText], Field(max_length=MAX_LABELS), _within(MAX_ANNOTATION_CHARACTERS)]


class Foreign(BaseModel):
    """A shape that others define: what we do not know is passed over."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class LabelledAlert(Foreign):
    """An alert of the Prometheus family."""

    labels: Labels
    annotations: Annotations = {}
    starts_at: Timestamp | None = Field(default=None, alias="startsAt")
    ends_at: Timestamp | None = Field(default=None, alias="endsAt")
    generator_url: Annotated[str, StringConstraints(max_length=4096, pattern=NO_NUL)] = Field(
        default="", alias="generatorURL"
    )


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a format knows of an alert beside its labels; as in Signal."""

    kind: SignalKind
    source: str
    dedup_key: str
    at: datetime
    started_at: datetime | None = None
    lease_until: datetime | None = None
    upstream: tuple[str, ...] = ()


def labelled_signal(alert: LabelledAlert, seen: Sighting) -> Signal:
    """A signal of the Prometheus family in our words."""
    labels, annotations = alert.labels, alert.annotations
    service, name = service_of(labels), labels.get("alertname", "alert")[:200]
    link = {"generatorURL": alert.generator_url} if alert.generator_url else {}
    return Signal(
        kind=seen.kind,
        source=seen.source,
        dedup_key=seen.dedup_key,
        at=seen.at,
        service=service,
        name=name,
        severity=severity_of(labels.get("severity")),
        summary=(annotations.get("summary") or annotations.get("description") or name)[:1024],
        fingerprint=fingerprint(seen.source, service, name, labels),
        labels=labels,
        annotations=annotations | link,
        started_at=seen.started_at,
        lease_until=seen.lease_until,
        upstream=seen.upstream,
    )


def service_of(labels: Mapping[str, str]) -> str:
    """The service an alert of the Prometheus family is about."""
    found = labels.get("service") or labels.get("app") or labels.get("job") or labels.get("instance")
    return (found or "unknown")[:200]


def identity(labels: Mapping[str, str]) -> str:
    """All labels as one key: what the Prometheus family takes for the same alert."""
    parts = [part for key in sorted(labels) for part in (key, labels[key])]
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def name_of(summary: str) -> str:
    """A name for an alert that has none: its text without what differs from one report to the next."""
    return masked(summary)[:200]
