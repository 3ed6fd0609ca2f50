"""Every error as a problem document (RFC 9457): what is wrong, and what to do instead."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, json, request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import HTTPException

from incidentops.domain.errors import IncidentOpsError, Unavailable
from incidentops.domain.experiments.chaostoolkit import InvalidExperiment
from incidentops.domain.incidents import IllegalTransition, UnknownIncident
from incidentops_backend.use_cases.errors import ActionFailed, ServiceBusy, ServiceProtected, UnknownService
from incidentops_backend.use_cases.experiments.errors import (
    NameTaken,
    OutOfBounds,
    RunInProgress,
    UnknownExperiment,
    UnknownRun,
    UnknownSchedule,
)
from incidentops_backend.use_cases.faults.errors import BadFault, ChaosStopped, FaultConflict, UnknownFault
from incidentops_backend.use_cases.incidents.intake import Overloaded

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """RFC 9457 problem details; some problems carry further members."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str


def problem(status: int, detail: str, *, kind: str | None = None, **extras: Any) -> Response:
    """A problem answer; `kind` names the problem in its `type`, extras become members."""
    document = Problem(
        type=f"urn:incidentops:problem:{kind}" if kind else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
    )
    body = json.dumps(document.model_dump() | extras)
    return Response(body, status=status, content_type=MEDIA_TYPE)


def install_problems(app: Flask) -> None:
    """Answer every known error, and every unknown one, with a problem document."""
    app.register_error_handler(UnknownService, _unknown_service)
    app.register_error_handler(ServiceBusy, _busy)
    app.register_error_handler(ServiceProtected, _protected)
    app.register_error_handler(ActionFailed, _action_failed)
    app.register_error_handler(UnknownIncident, _unknown_incident)
    app.register_error_handler(IllegalTransition, _illegal_transition)
    app.register_error_handler(Overloaded, _overloaded)
    app.register_error_handler(BadFault, _bad_fault)
    app.register_error_handler(UnknownFault, _unknown_fault)
    app.register_error_handler(FaultConflict, _fault_conflict)
    app.register_error_handler(ChaosStopped, _chaos_stopped)
    app.register_error_handler(InvalidExperiment, _invalid_experiment)
    app.register_error_handler(UnknownExperiment, _unknown_experiment)
    app.register_error_handler(UnknownRun, _not_found("unknown-run"))
    app.register_error_handler(UnknownSchedule, _not_found("unknown-schedule"))
    app.register_error_handler(NameTaken, _name_taken)
    app.register_error_handler(OutOfBounds, _out_of_bounds)
    app.register_error_handler(RunInProgress, _run_in_progress)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(IncidentOpsError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def invalid_request(error: ValidationError) -> Response:
    """422 listing every bad field at once."""
    errors = [
        {"field": ".".join(str(part) for part in item["loc"]) or "body", "reason": _reason(item)}
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    summary = "; ".join(f"{item['field']}: {item['reason']}" for item in errors)
    return problem(422, summary, kind="invalid-request", errors=errors)


def _reason(item: ErrorDetails) -> str:
    """In words for who sent it: a body that is no object would be told the name of our class."""
    if item["type"] == "model_type":
        return "expected a JSON object"
    return item["msg"].removeprefix("Value error, ")


def _unknown_service(error: UnknownService) -> Response:
    return problem(404, str(error), kind="unknown-service", known=error.known)


def _busy(error: ServiceBusy) -> Response:
    return problem(
        409, str(error), kind="busy", running=error.verb, actor=error.actor, action_id=str(error.action_id)
    )


def _protected(error: ServiceProtected) -> Response:
    return problem(409, str(error), kind="protected", legal=error.legal)


def _action_failed(error: ActionFailed) -> Response:
    return problem(502, str(error), kind="action-failed", action_id=str(error.action_id))


def _unknown_incident(error: UnknownIncident) -> Response:
    return problem(404, str(error), kind="unknown-incident")


def _illegal_transition(error: IllegalTransition) -> Response:
    return problem(409, str(error), kind="illegal-transition", legal=error.legal)


def _overloaded(error: Overloaded) -> Response:
    answer = problem(503, str(error), kind="overloaded")
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _bad_fault(error: BadFault) -> Response:
    errors = [{"field": field, "reason": reason} for field, reason in error.errors.items()]
    return problem(422, str(error), kind="invalid-request", errors=errors)


def _unknown_fault(error: UnknownFault) -> Response:
    return problem(404, str(error), kind="unknown-fault")


def _fault_conflict(error: FaultConflict) -> Response:
    return problem(
        409, str(error), kind="fault-conflict", fault=error.other.kind, fault_id=str(error.other.id)
    )


def _chaos_stopped(error: ChaosStopped) -> Response:
    stop = error.stop
    return problem(409, str(error), kind="chaos-stopped", since=stop.since.isoformat(), by=stop.by)


def _invalid_experiment(error: InvalidExperiment) -> Response:
    errors = [
        {"field": item.field or "document", "reason": item.reason, "line": item.line}
        for item in error.problems
    ]
    return problem(422, str(error), kind="invalid-experiment", errors=errors)


def _unknown_experiment(error: UnknownExperiment) -> Response:
    return problem(404, str(error), kind="unknown-experiment", known=error.known)


def _not_found(kind: str) -> Callable[[IncidentOpsError], Response]:
    return lambda error: problem(404, str(error), kind=kind)


def _name_taken(error: NameTaken) -> Response:
    return problem(409, str(error), kind="name-taken")


def _out_of_bounds(error: OutOfBounds) -> Response:
    return problem(409, str(error), kind="blast-radius", objections=error.objections)


def _run_in_progress(error: RunInProgress) -> Response:
    return problem(409, str(error), kind="run-in-progress", run_id=str(error.run.id))


def _unavailable(error: Unavailable) -> Response:
    answer = problem(503, str(error), kind="unavailable", missing=error.part)
    answer.headers["Retry-After"] = "1"
    return answer


def _refused(error: IncidentOpsError) -> Response:
    return problem(409, str(error), kind="refused")


def _http_error(error: HTTPException) -> Response:
    answer = problem(error.code or 500, error.description or error.name)
    if allowed := getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(allowed))
    return answer


def _unexpected(error: Exception) -> Response:
    log.exception("request_failed", path=request.path, error=type(error).__name__)
    return problem(500, "The server could not answer; its log has the reason.", kind="internal")
