"""The host's metrics, liveness, readiness, dead letters, and the index of what is where."""

from datetime import datetime

from flask import Response, jsonify, redirect
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response as AnyResponse

from incidentops.ports import Bus
from incidentops_backend.http.problems import Problem
from incidentops_backend.reads.dependencies import Dependencies, DependencyState
from incidentops_backend.reads.system import SystemReader
from incidentops_backend.schemas import DependencyOut, Shape, SystemOut, dependency_out, system_out

_TAG = Tag(name="system", description="The host, this server, and what it stands on")
_INDEX = {
    "name": "IncidentOps",
    "panel": "http://localhost:8080",
    "documentation": "/docs",
    "services": "/services",
    "system": "/system",
    "actions": "/api/v1/actions",
    "export": "/api/v1/actions/export?format=csv",
    "about": "/api/v1/about",
    "health": "/health",
    "readiness": "/health/ready",
    "metrics": "/metrics",
}


class HealthOut(BaseModel):
    status: str = Field(description="always `ok`: whoever reads this was answered")


class ReadinessOut(BaseModel):
    """`ready` as long as the engine answers; everything else may be away (its state says since when)."""

    status: str
    dependencies: list[DependencyOut]


class DeadLetterOut(Shape):
    """One message that nobody could handle."""

    queue: str
    reason: str
    at: datetime
    message_type: str | None
    body: str


class DeadLettersOut(BaseModel):
    items: list[DeadLetterOut]


def system_routes(system: SystemReader, dependencies: Dependencies, bus: Bus) -> APIBlueprint:
    """`/`, `/docs`, `/system`, `/health`, `/health/ready`, `/api/v1/bus/dead-letters`."""
    api = APIBlueprint("system", __name__, abp_tags=[_TAG])

    @api.get("/", doc_ui=False)
    def index() -> Response:
        return jsonify(_INDEX)

    @api.get("/docs", doc_ui=False)
    def docs() -> AnyResponse:
        return redirect("/openapi/swagger")

    @api.get("/system", responses={200: SystemOut})
    def read_system() -> Response:
        """CPU, memory and disk of the host."""
        return jsonify(system_out(system.reading).model_dump())

    @api.get("/health", responses={200: HealthOut})
    def health() -> Response:
        """Liveness: this process answers."""
        return jsonify(HealthOut(status="ok").model_dump())

    @api.get("/health/ready", responses={200: ReadinessOut, 503: ReadinessOut})
    def ready() -> tuple[Response, int]:
        """Readiness, with each dependency's state and since when."""
        known = dependencies.all()
        engine_up = all(item.state is not DependencyState.DOWN for item in known if item.name == "engine")
        answer = ReadinessOut(
            status="ready" if engine_up else "not ready",
            dependencies=[dependency_out(item) for item in known],
        )
        return jsonify(answer.model_dump(mode="json")), 200 if engine_up else 503

    @api.get("/api/v1/bus/dead-letters", responses={200: DeadLettersOut, 503: Problem})
    def dead_letters() -> Response:
        """The newest messages that nobody could handle, with the reason."""
        items = [DeadLetterOut.model_validate(item) for item in bus.dead_letters()]
        return jsonify(DeadLettersOut(items=items).model_dump(mode="json"))

    return api
