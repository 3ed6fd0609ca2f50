"""Running experiments, following and halting runs."""

from http import HTTPStatus
from typing import Annotated

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field

from incidentops.domain.experiments.experiment import ExperimentName
from incidentops.domain.experiments.runs import Trigger
from incidentops_backend.http.experiments import PROBLEMS, TAG, ExperimentPath, as_json
from incidentops_backend.http.guard import current_actor
from incidentops_backend.schemas.experiments import (
    RunIn,
    RunOut,
    RunPageOut,
    RunSummaryOut,
    run_out,
    run_summary_out,
)
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.experiments.definitions import Definitions
from incidentops_backend.use_cases.experiments.dry_run import DryRun, Preview
from incidentops_backend.use_cases.experiments.history import RunHistory
from incidentops_backend.use_cases.experiments.runs import ExperimentRuns

MAX_PAGE = 200


class RunPath(BaseModel):
    """Which run: its id or its number."""

    run_id: Annotated[str, Field(min_length=1, max_length=40)]


class RunQuery(Parameters):
    """Which runs, and where to go on."""

    experiment: ExperimentName | None = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[int | None, Field(description="`next_cursor` of the page before")] = None


def experiment_runs_routes(
    definitions: Definitions, runs: ExperimentRuns, dry_run: DryRun, history: RunHistory
) -> APIBlueprint:
    """`/api/v1/experiments/<name>/runs`, `/api/v1/runs`."""
    api = APIBlueprint("experiment_runs", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)

    @api.post("/api/v1/experiments/<name>/runs", responses={200: Preview, 201: RunSummaryOut})
    def run_experiment(path: ExperimentPath, body: RunIn) -> tuple[Response, int]:
        """Run it: 201 with the run. A dry run says what would happen, and is kept nowhere."""
        experiment = definitions.find(path.name).experiment
        if body.touch_incidents:
            experiment = experiment.touching_incidents()
        if body.dry_run:
            return as_json(dry_run.preview(experiment)), HTTPStatus.OK
        run = runs.begin(experiment, Trigger.OPERATOR, current_actor().name)
        return as_json(run_summary_out(history.find(str(run.id)))), HTTPStatus.CREATED

    @api.get("/api/v1/runs", responses={200: RunPageOut})
    def list_runs(query: RunQuery) -> Response:
        """Runs, newest first, page by page."""
        found = history.page(query.experiment, limit=query.limit + 1, before=query.cursor)
        items = [run_summary_out(run) for run in found[: query.limit]]
        cursor = items[-1].number if len(found) > query.limit else None
        return as_json(RunPageOut(items=items, next_cursor=cursor))

    @api.get("/api/v1/runs/<run_id>", responses={200: RunOut})
    def get_run(path: RunPath) -> Response:
        """One run with its journal so far."""
        run = history.find(path.run_id)
        return as_json(run_out(run, history.entries(run)))

    @api.post("/api/v1/runs/<run_id>/halt", responses={200: RunSummaryOut, 202: RunSummaryOut})
    def halt_run(path: RunPath) -> tuple[Response, int]:
        """End it now; its faults are undone."""
        runs.halt(history.find(path.run_id), current_actor().name)
        return as_json(run_summary_out(history.find(path.run_id))), HTTPStatus.ACCEPTED

    return api
