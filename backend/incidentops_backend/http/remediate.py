"""`POST /remediate`, the seed's button."""

from collections.abc import Callable
from typing import Literal
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.actions import Actor
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem

_TAG = Tag(name="remediation", description="Restarting what is DOWN, in order, verified by its probes")


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
    run_id: UUID


def remediation_routes(remediate: Callable[[Actor], dict[str, object]]) -> APIBlueprint:
    """`/remediate`."""
    api = APIBlueprint("remediation", __name__, abp_tags=[_TAG], abp_responses={403: Problem})

    @api.post("/remediate", responses={200: RemediationOut})
    def remediate_services() -> Response:
        """Restart what is DOWN and wait until it answers. While a run is in progress, its answer (seed 001)."""
        answer = RemediationOut.model_validate(remediate(current_actor()))
        return jsonify(answer.model_dump(mode="json", exclude_none=True))

    return api
