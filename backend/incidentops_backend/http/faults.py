"""Injecting, previewing, reading and ending faults."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID, uuid5

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field, RootModel

from incidentops.domain.faults import KINDS, FaultState
from incidentops.messages.ids import uuid7
from incidentops.ports import FaultFilter, FaultStore
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem
from incidentops_backend.http.services import WriteHeader
from incidentops_backend.schemas import ServiceName
from incidentops_backend.schemas.faults import (
    FaultIn,
    FaultKindOut,
    FaultOut,
    FaultPageOut,
    PreviewOut,
    fault_out,
    kind_out,
)
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.faults.desk import FaultDesk
from incidentops_backend.use_cases.faults.request import Wanted

_TAG = Tag(name="faults", description="Harm done on purpose, for a limited time, to a known target")
_KEYS = UUID("5b1f7a52-0f5e-5d0c-8a44-2f6d1c7e9b31")
_PROBLEMS: dict[Any, Any] = {404: Problem, 409: Problem, 422: Problem, 503: Problem}
MAX_PAGE = 200


class FaultPath(BaseModel):
    """Which fault."""

    fault_id: UUID


class FaultQuery(Parameters):
    """Which faults, and where to go on; what is left out means any."""

    service: ServiceName | None = None
    state: FaultState | None = None
    run_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[UUID | None, Field(description="`next_cursor` of the page before")] = None


class FaultKinds(RootModel[list[FaultKindOut]]):
    """Every kind of fault."""


def faults_routes(desk: FaultDesk, store: FaultStore) -> APIBlueprint:
    """`/api/v1/faults`."""
    api = APIBlueprint("faults", __name__, abp_tags=[_TAG], abp_responses=_PROBLEMS)
    every = list(KINDS.values())

    @api.get("/api/v1/faults/kinds", responses={200: FaultKinds})
    def list_fault_kinds() -> Response:
        """Every kind of fault with its parameters."""
        return jsonify([kind_out(kind, every).model_dump(mode="json") for kind in every])

    @api.get("/api/v1/faults", responses={200: FaultPageOut})
    def list_faults(query: FaultQuery) -> Response:
        """Faults, newest first, page by page."""
        where = FaultFilter(query.service, query.state, query.run_id)
        found = store.faults(where, limit=query.limit + 1, before=query.cursor)
        items = [fault_out(fault) for fault in found[: query.limit]]
        cursor = items[-1].id if len(found) > query.limit else None
        return jsonify(FaultPageOut(items=items, next_cursor=cursor).model_dump(mode="json"))

    @api.post("/api/v1/faults", responses={201: FaultOut, 202: FaultOut})
    def inject_fault(body: FaultIn, header: WriteHeader) -> tuple[Response, int]:
        """Do harm: 201 once it bites, 202 while it is on its way. It ends with its lease."""
        fault = desk.inject(_wanted(body, header.idempotency_key))
        pending = fault.state in (FaultState.REQUESTED, FaultState.INJECTING)
        return _answer(fault_out(fault)), HTTPStatus.ACCEPTED if pending else HTTPStatus.CREATED

    @api.post("/api/v1/faults/preview", responses={200: PreviewOut})
    def preview_fault(body: FaultIn) -> Response:
        """Check everything, say what would happen, do nothing."""
        preview = desk.preview(_wanted(body, None))
        answer = PreviewOut(
            preview=preview.sentence, mechanism=preview.mechanism, kernel_expiring=preview.kernel_expiring
        )
        return jsonify(answer.model_dump(mode="json"))

    @api.get("/api/v1/faults/<fault_id>", responses={200: FaultOut})
    def get_fault(path: FaultPath) -> Response:
        """One fault."""
        return _answer(fault_out(desk.find(path.fault_id)))

    @api.delete("/api/v1/faults/<fault_id>", responses={200: FaultOut})
    def undo_fault(path: FaultPath) -> Response:
        """End a fault now, and verify that nothing of it is left."""
        return _answer(fault_out(desk.undo(path.fault_id, f"undone by {current_actor().name}")))

    return api


def _wanted(body: FaultIn, key: str | None) -> Wanted:
    """A repeated key is the same fault."""
    return Wanted(
        fault_id=uuid5(_KEYS, f"{body.service} {key}") if key else uuid7(),
        service=body.service,
        kind=body.fault,
        lease_seconds=body.lease_seconds,
        requested_by=current_actor().name,
        parameters=body.parameters,
        container=body.container,
    )


def _answer(fault: FaultOut) -> Response:
    return jsonify(fault.model_dump(mode="json"))
