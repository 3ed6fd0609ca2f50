"""`POST /remediate`, the seed's button, and the recovery mode of a service."""

from collections.abc import Callable
from typing import Literal

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from incidentops.domain.actions import Actor
from incidentops.domain.services import RecoveryMode
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas import ServiceName, ServiceOut, service_out
from incidentops_backend.use_cases.remediate_mode import RecoveryModes

_TAG = Tag(name="remediation", description="Restarting what is DOWN, in order, verified by its probes")


RUN_HEADER = "Incidentops-Run-Id"
"""The body is the seed's and holds nothing else, so the run's id travels beside it."""


class FailedOut(BaseModel):
    """A service that could not be healed, in the engine's words where it said no."""

    service: str
    reason: str


class RemediationOut(BaseModel):
    """What one run did."""

    status: Literal["completed", "partial"]
    services_remediated: list[str] = Field(description="in the order they were restarted")
    services_skipped: list[str] = Field(description="DOWN, and deliberately not restarted")
    services_failed: list[FailedOut] | None = Field(default=None, description="only when one failed")


class RecoveryPath(BaseModel):
    """Which service."""

    name: ServiceName


class RecoveryIn(BaseModel):
    """Who restarts the service when it dies: `manual`, the operator; `auto`, remediation at once."""

    model_config = ConfigDict(extra="forbid")

    mode: RecoveryMode


def remediation_routes(remediate: Callable[[Actor], dict[str, object]], modes: RecoveryModes) -> APIBlueprint:
    """`/remediate`, `/api/v1/services/<name>/recovery`."""
    api = APIBlueprint("remediation", __name__, abp_tags=[_TAG], abp_responses={403: Problem})

    @api.post("/remediate", responses={200: RemediationOut})
    def remediate_services() -> Response:
        """Restart what is DOWN and wait until it answers. While a run is in progress, its answer (seed 001)."""
        ended = remediate(current_actor())
        answer = jsonify(RemediationOut.model_validate(ended).model_dump(mode="json", exclude_none=True))
        answer.headers[RUN_HEADER] = str(ended["run_id"])
        return answer

    @api.post(
        "/api/v1/services/<path:name>/recovery", responses={200: ServiceOut, 404: Problem, 503: Problem}
    )
    def choose_recovery_mode(path: RecoveryPath, body: RecoveryIn) -> Response:
        """Choose the recovery mode of a service; it outlives every restart, and stands above the label's."""
        service = modes.choose(path.name, body.mode, current_actor())
        return jsonify(service_out(service).model_dump(mode="json"))

    return api
