"""When experiments run by themselves."""

from http import HTTPStatus
from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from incidentops_backend.http.experiments import PROBLEMS, TAG, ExperimentPath
from incidentops_backend.http.guard import current_actor
from incidentops_backend.schemas.experiments import ScheduleIn, ScheduleListOut, ScheduleOut, schedule_out
from incidentops_backend.use_cases.experiments.schedules import Schedules


class SchedulePath(ExperimentPath):
    """Which schedule of which experiment."""

    schedule_id: UUID


def experiment_schedules_routes(schedules: Schedules) -> APIBlueprint:
    """`/api/v1/experiments/<name>/schedules`."""
    api = APIBlueprint("experiment_schedules", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)

    @api.get("/api/v1/experiments/<name>/schedules", responses={200: ScheduleListOut})
    def list_schedules(path: ExperimentPath) -> Response:
        """The schedules of an experiment, each with its next moments."""
        items = [schedule_out(item) for item in schedules.of(path.name)]
        return jsonify(ScheduleListOut(items=items).model_dump(mode="json"))

    @api.post("/api/v1/experiments/<name>/schedules", responses={200: ScheduleOut, 201: ScheduleOut})
    def add_schedule(path: ExperimentPath, body: ScheduleIn) -> tuple[Response, int]:
        """Run it by itself: by cron, or at a random moment of the working hours."""
        made = schedules.add(path.name, body.timing, current_actor().name, enabled=body.enabled)
        return jsonify(schedule_out(made).model_dump(mode="json")), HTTPStatus.CREATED

    @api.put("/api/v1/experiments/<name>/schedules/<schedule_id>", responses={200: ScheduleOut})
    def change_schedule(path: SchedulePath, body: ScheduleIn) -> Response:
        """Change when it runs, or switch it off and on."""
        changed = schedules.change(path.name, path.schedule_id, body.timing, enabled=body.enabled)
        return jsonify(schedule_out(changed).model_dump(mode="json"))

    @api.delete("/api/v1/experiments/<name>/schedules/<schedule_id>", responses={200: ScheduleOut, 204: None})
    def remove_schedule(path: SchedulePath) -> tuple[str, int]:
        """Forget a schedule."""
        schedules.remove(path.name, path.schedule_id)
        return "", HTTPStatus.NO_CONTENT

    return api
