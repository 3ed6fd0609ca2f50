"""The emergency stop."""

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem
from incidentops_backend.reads.active_faults import ActiveFaults
from incidentops_backend.schemas.faults import ChaosOut, ChaosStopIn, chaos_out
from incidentops_backend.use_cases.faults.desk import FaultDesk
from incidentops_backend.use_cases.faults.emergency import Emergency

_TAG = Tag(name="chaos", description="The emergency stop of everything that does harm on purpose")


def chaos_routes(desk: FaultDesk, emergency: Emergency, active: ActiveFaults) -> APIBlueprint:
    """`/api/v1/chaos`."""
    api = APIBlueprint("chaos", __name__, abp_tags=[_TAG], abp_responses={503: Problem})

    def answer() -> Response:
        return jsonify(chaos_out(emergency.engaged(), active.all()).model_dump(mode="json"))

    @api.get("/api/v1/chaos", responses={200: ChaosOut})
    def get_chaos() -> Response:
        """Whether the emergency stop is engaged, and what is active."""
        return answer()

    @api.post("/api/v1/chaos/stop", responses={200: ChaosOut})
    def stop_chaos(body: ChaosStopIn) -> Response:
        """Undo every fault and let no new one in until the stop is released; it outlives restarts."""
        desk.stop_all(current_actor().name, body.why)
        return answer()

    @api.post("/api/v1/chaos/release", responses={200: ChaosOut})
    def release_chaos() -> Response:
        """Allow faults again."""
        emergency.release()
        return answer()

    return api
