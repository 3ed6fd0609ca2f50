"""Experiments as files of the Chaos Toolkit: in and out."""

from http import HTTPStatus

from flask import Response, json, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from incidentops.domain.experiments.chaostoolkit import (
    FieldProblem,
    InvalidExperiment,
    read_experiment,
    write_experiment,
)
from incidentops_backend.http.experiments import PROBLEMS, TAG, ExperimentPath, kept
from incidentops_backend.schemas.experiments import ExperimentOut
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.experiments.definitions import Definitions


class ImportQuery(Parameters):
    """What to do with the imported experiment."""

    replace: bool = Field(default=False, description="take the place of our own one of the same name")
    check: bool = Field(default=False, description="only say whether it could be read")


def experiment_files_routes(definitions: Definitions) -> APIBlueprint:
    """`/api/v1/experiments/import` and `/api/v1/experiments/<name>/export`."""
    api = APIBlueprint("experiment_files", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)

    @api.post("/api/v1/experiments/import", responses={200: ExperimentOut, 201: ExperimentOut})
    def import_experiment(query: ImportQuery) -> tuple[Response, int]:
        """Read an experiment of the Chaos Toolkit; the body is its JSON. Bad places are named with their
        lines."""
        experiment = read_experiment(_text())
        if query.check:
            return kept(experiment), HTTPStatus.OK
        definitions.put(experiment) if query.replace else definitions.add(experiment)
        return kept(experiment), HTTPStatus.CREATED

    @api.get(
        "/api/v1/experiments/<name>/export",
        responses={200: {"description": "Chaos Toolkit experiment", "content": {"application/json": {}}}},
    )
    def export_experiment(path: ExperimentPath) -> Response:
        """The experiment in the Chaos Toolkit's format."""
        document = write_experiment(definitions.find(path.name).experiment)
        return download(json.dumps(document, indent=2), "application/json", f"{path.name}.json")

    return api


def download(body: str, content_type: str, name: str) -> Response:
    """An answer that browsers save as a file of this name."""
    answer = Response(body, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _text() -> str:
    try:
        return request.get_data().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidExperiment([FieldProblem("", f"not UTF-8: {error.reason}")]) from error
