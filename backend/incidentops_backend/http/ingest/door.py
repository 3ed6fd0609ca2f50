"""What every wire format passes: size, media type, integration key, clock; and what each refusal is counted as."""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar

from flask import Request, Response, current_app, g, request
from pydantic import BaseModel, TypeAdapter, ValidationError
from werkzeug.exceptions import RequestEntityTooLarge

from incidentops.domain.alerts import Signal
from incidentops.domain.correlation import Taken
from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.ports import Clock
from incidentops_backend.http.asked import itself
from incidentops_backend.http.problems import problem
from incidentops_backend.reads.incident_metrics import IncidentMetrics
from incidentops_backend.reads.upstream import Upstream
from incidentops_backend.use_cases.incidents.intake import RETRY_SECONDS, Intake, Overloaded

SKEW = timedelta(minutes=5)
"""A sender's clock may run ahead by this much; later times are refused."""

JSON = frozenset({"application/json"})

_FORMAT, _COUNTED = "incidentops_format", "incidentops_counted"

P = ParamSpec("P")
M = TypeVar("M")


class Refused(Exception):
    """A request that is not taken; `reason` is the word it is counted under, `errors` every bad field."""

    def __init__(
        self, status: int, reason: str, detail: str, errors: Sequence[Mapping[str, str]] = ()
    ) -> None:
        super().__init__(detail)
        self.status, self.reason, self.detail, self.errors = status, reason, detail, list(errors)


Render = Callable[[Refused], Response]
"""How a wire format says no."""


def as_problem(refused: Refused) -> Response:
    """For formats that have no error answer of their own."""
    extras: dict[str, Any] = {"errors": refused.errors} if refused.errors else {}
    return problem(refused.status, refused.detail, kind=refused.reason.replace("_", "-"), **extras)


@dataclass(frozen=True, slots=True)
class Door:
    """Everything a format needs to let signals in. `keys`: the integration key of each source that has one; no
    keys at all means that the loopback address is guard enough."""

    intake: Intake
    metrics: IncidentMetrics
    upstream: Upstream
    clock: Clock
    keys: Mapping[str, str] = field(default_factory=dict)

    def guarded(
        self, source: str, render: Render = as_problem
    ) -> Callable[[Callable[P, Response]], Callable[P, Response]]:
        """Check the key before the route; answer and count what it refuses."""

        def guard(route: Callable[P, Response]) -> Callable[P, Response]:
            @wraps(route)
            def guarded_route(*args: P.args, **kwargs: P.kwargs) -> Response:
                try:
                    return route(*args, **kwargs)
                except Refused as refused:
                    self._count(source, refused.reason)
                    return render(refused)
                except (Overloaded, Unavailable) as error:
                    self._count(source, "overloaded" if isinstance(error, Overloaded) else "unavailable")
                    if render is as_problem:
                        raise  # as it is told everywhere else
                    return _later(render, error)
                except IncidentOpsError as error:
                    self._count(source, "invalid")
                    return render(Refused(422, "invalid", str(error)))

            guarded_route.__dict__[_FORMAT] = source
            return guarded_route

        return guard

    def count_unseen(self, answer: Response) -> Response:
        """Count what was refused before its route saw it: for its headers or its query."""
        if answer.status_code != HTTPStatus.UNPROCESSABLE_ENTITY or _COUNTED in g:
            return answer
        route = current_app.view_functions.get(request.endpoint or "")
        if source := getattr(route, _FORMAT, None):
            self._count(source, "invalid")
        return answer

    def _count(self, source: str, reason: str) -> None:
        g.setdefault(_COUNTED, True)
        self.metrics.rejected(source, reason)

    def check_key(self, source: str, given: str | None = None) -> None:
        """The key of a source stands in `Authorization: Bearer`, in `X-Api-Key`, in `?key=` or where its format
        has it (`given`). Raises Refused."""
        wanted = self.keys.get(source)
        if wanted is None and not self.keys:
            return
        offered = given or _offered_key()
        if wanted is None or not hmac.compare_digest(wanted.encode(), offered.encode()):
            raise Refused(401, "unauthorized", f"This is not the integration key of {source}.")

    def started(self, at: datetime | None) -> datetime | None:
        """When a source says it began; nothing for a zero time. Raises Refused for the future."""
        if at is None or at.year <= 1:
            return None
        if at > self.clock.now() + SKEW:
            raise Refused(422, "invalid", f"the time {at.isoformat()} lies in the future", _future(at))
        return at

    def take(self, signals: Sequence[Signal]) -> list[Taken] | None:
        """As Intake.accept."""
        return self.intake.accept(signals)


def _later(render: Render, error: IncidentOpsError) -> Response:
    """503 in the words of a format that has its own."""
    answer = render(Refused(503, "unavailable", str(error)))
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    return answer


def read_body(raw: Request, cap: int, media_types: frozenset[str] = JSON) -> bytes:
    """The body of a raw. Raises Refused: 413, 415."""
    raw = itself(raw)
    if raw.mimetype and raw.mimetype not in media_types:
        wanted = " or ".join(sorted(media_types))
        raise Refused(415, "media_type", f"{raw.mimetype} cannot be read here; send {wanted}.")
    if raw.content_encoding and raw.content_encoding != "identity":
        raise Refused(415, "media_type", f"Content-Encoding {raw.content_encoding} is not understood.")
    if (raw.content_length or 0) > cap:
        raise Refused(413, "too_large", f"A body may hold {cap} bytes here.")
    try:
        body = raw.get_data(cache=False)
    except RequestEntityTooLarge:  # it came in chunks
        body = None
    if body is None or len(body) > cap:
        raise Refused(413, "too_large", f"A body may hold {cap} bytes here.")
    return body


def parsed(model: type[M] | TypeAdapter[M], body: bytes) -> M:
    """The body in its shape. Raises Refused with every bad field."""
    try:
        if isinstance(model, TypeAdapter):
            return model.validate_json(body)
        assert issubclass(model, BaseModel)  # noqa: S101  # for the type checker; routes pass nothing else
        return model.model_validate_json(body)
    except ValidationError as error:
        raise invalid(error) from error


def invalid(error: ValidationError) -> Refused:
    """422 with every bad field, or 400 when it is not even JSON."""
    items = error.errors(include_url=False, include_input=False, include_context=False)
    errors = [
        {"field": ".".join(str(part) for part in item["loc"]) or "body", "reason": item["msg"]}
        for item in items
    ]
    summary = "; ".join(f"{item['field']}: {item['reason']}" for item in errors)
    if items[0]["type"] == "json_invalid":
        return Refused(400, "malformed", summary, errors)
    return Refused(422, "invalid", summary, errors)


def _offered_key() -> str:
    authorization = request.headers.get("Authorization", "")
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() in {"bearer", "token"}:
        return token.strip()
    if request.authorization and request.authorization.password:
        return str(request.authorization.password)
    return request.headers.get("X-Api-Key") or request.args.get("key", "")


def _future(at: datetime) -> list[Mapping[str, str]]:
    return [{"field": "time", "reason": f"{at.isoformat()} lies in the future"}]
