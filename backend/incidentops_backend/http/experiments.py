"""The experiments there are: reading and keeping them."""

from collections import Counter
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.chaostoolkit import FieldProblem, InvalidExperiment
from incidentops.domain.experiments.experiment import Experiment, ExperimentName
from incidentops.ports import ExperimentStore
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.experiments import (
    ExperimentListOut,
    ExperimentOut,
    experiment_summary_out,
)
from incidentops_backend.use_cases.experiments.definitions import Definitions
from incidentops_backend.use_cases.experiments.history import RunHistory

TAG = Tag(name="experiments", description="Hypotheses, the harm they are tested with, and what came of it")
PROBLEMS: dict[Any, Any] = {404: Problem, 409: Problem, 422: Problem, 503: Problem}


class ExperimentPath(BaseModel):
    """Which experiment."""

    name: ExperimentName


def experiments_routes(definitions: Definitions, history: RunHistory, store: ExperimentStore) -> APIBlueprint:
    """`/api/v1/experiments`."""
    api = APIBlueprint("experiments", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)

    @api.get("/api/v1/experiments", responses={200: ExperimentListOut})
    def list_experiments() -> Response:
        """The library's and our own, each with its last run."""
        return as_json(_listed(definitions, history, store))

    @api.post("/api/v1/experiments", responses={200: ExperimentOut, 201: ExperimentOut})
    def add_experiment(body: Experiment) -> tuple[Response, int]:
        """Keep a new experiment."""
        definitions.add(body)
        return kept(body), HTTPStatus.CREATED

    @api.get("/api/v1/experiments/<name>", responses={200: ExperimentOut})
    def get_experiment(path: ExperimentPath) -> Response:
        """One experiment."""
        found = definitions.find(path.name)
        return as_json(ExperimentOut(of_library=found.of_library, document=found.experiment))

    @api.put("/api/v1/experiments/<name>", responses={200: ExperimentOut})
    def put_experiment(path: ExperimentPath, body: Experiment) -> Response:
        """Keep an experiment under this name, in place of the one before."""
        if body.name != path.name:
            raise InvalidExperiment([FieldProblem("name", f"expected {path.name!r}, as in the address")])
        definitions.put(body)
        return kept(body)

    @api.delete("/api/v1/experiments/<name>", responses={200: ExperimentOut, 204: None})
    def remove_experiment(path: ExperimentPath) -> tuple[str, int]:
        """Forget an experiment and its schedules. Its runs and their reports stay."""
        definitions.remove(path.name)
        return "", HTTPStatus.NO_CONTENT

    return api


def kept(experiment: Experiment) -> Response:
    """One of our own as an answer."""
    return as_json(ExperimentOut(of_library=False, document=experiment))


def as_json(answer: BaseModel) -> Response:
    return jsonify(answer.model_dump(mode="json"))


def _listed(definitions: Definitions, history: RunHistory, store: ExperimentStore) -> ExperimentListOut:
    last, found = history.last_runs(), definitions.all()
    try:
        schedules, complete = Counter(item.experiment for item in store.schedules()), True
    except Unavailable:
        schedules, complete = Counter[str](), False
    items = [
        experiment_summary_out(item, last.get(item.experiment.name), schedules[item.experiment.name])
        for item in found
    ]
    return ExperimentListOut(items=items, complete=complete)
