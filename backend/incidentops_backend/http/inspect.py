"""The engine's own description of a service's containers, without its secrets."""

from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.containers import Container
from incidentops.domain.errors import ContainerGone
from incidentops.ports import Engine
from incidentops_backend.http.problems import Problem
from incidentops_backend.http.services import ServicePath
from incidentops_backend.reads.view import LiveView
from incidentops_backend.use_cases.act import Act

_TAG = Tag(name="services", description="Managed services: what they are, and what can be done to them")


class ContainerOut(BaseModel):
    """One container. `details` is null when it has gone since it was listed."""

    id: str = Field(description="short id")
    name: str
    status: str
    details: dict[str, Any] | None = Field(description="environment values and secrets are masked")


class InspectOut(BaseModel):
    service: str
    containers: list[ContainerOut]


def inspect_routes(engine: Engine, view: LiveView, act: Act) -> APIBlueprint:
    """`GET /api/v1/services/<name>/inspect`."""
    api = APIBlueprint("inspect", __name__, abp_tags=[_TAG], abp_responses={404: Problem, 503: Problem})

    @api.get("/api/v1/services/<path:name>/inspect", responses={200: InspectOut})
    def inspect_service(path: ServicePath) -> Response:
        """Every container of a service as the engine describes it, secrets masked."""
        service = act.known(path.name)
        found = [_described(engine, container) for container in view.containers(service.name)]
        return jsonify(InspectOut(service=service.name, containers=found).model_dump(mode="json"))

    return api


def _described(engine: Engine, container: Container) -> ContainerOut:
    try:
        details = engine.details(container.id)
    except ContainerGone:
        details = None
    return ContainerOut(id=container.short_id, name=container.name, status=container.status, details=details)
