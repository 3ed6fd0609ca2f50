"""Reading services, and the seeds' verbs as routes."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID, uuid5

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field, RootModel

from incidentops.domain.actions import Action, Outcome
from incidentops.domain.services import Verb
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.listing import ServiceListing
from incidentops_backend.http.problems import Problem
from incidentops_backend.reads.view import LiveView
from incidentops_backend.schemas import ActionAnswer, ServiceName, ServiceOut, VerbIn, service_out
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.act import Act, ActionResult
from incidentops_backend.use_cases.errors import ActionFailed, ServiceBusy
from incidentops_backend.use_cases.replays import Replays

_TAG = Tag(name="services", description="Managed services: what they are, and what can be done to them")
_KEYS = UUID("0b6c1f0e-6d0c-5b5e-9a53-3f4c3c5a6f10")
_PROBLEMS: dict[Any, Any] = {
    code: {
        "description": text,
        "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
    }
    for code, text in {
        403: "Another site's page",
        404: "Unknown service; names the known ones",
        409: "Busy or protected",
        422: "Bad fields, all at once",
        502: "The engine said no",
        503: "A dependency is away",
    }.items()
}


class ServicePath(BaseModel):
    """Which service."""

    name: ServiceName


class WriteHeader(Parameters):
    """A repeated write with the same key is answered from the first, never done twice."""

    model_config = ConfigDict(populate_by_name=True)

    idempotency_key: Annotated[
        str | None, Field(alias="Idempotency-Key", min_length=1, max_length=200, default=None)
    ]


class ServiceList(RootModel[list[ServiceOut]]):
    """All managed services, by group and name."""


def services_routes(view: LiveView, act: Act, replays: Replays) -> APIBlueprint:
    """`/services`, `/ping|/start|/stop|/restart/<name>` and their `/api/v1` forms."""
    api = APIBlueprint("services", __name__, abp_tags=[_TAG], abp_responses=_PROBLEMS)

    listing = ServiceListing(view)

    def list_services() -> Response:
        """All managed services with their live state; never asks the engine."""
        return Response(listing.body(), content_type="application/json")

    api.get("/services", responses={200: ServiceList})(list_services)
    api.get("/api/v1/services", responses={200: ServiceList}, operation_id="list_services_v1")(list_services)

    @api.get("/api/v1/services/<path:name>", responses={200: ServiceOut})
    def get_service(path: ServicePath) -> Response:
        """One managed service."""
        return jsonify(service_out(act.known(path.name)).model_dump(mode="json"))

    @api.post("/api/v1/services/<path:name>/actions", responses={200: ActionAnswer})
    def act_on_service(path: ServicePath, body: VerbIn, header: WriteHeader) -> Response:
        """Carry out one verb on a service."""
        return _answer(act, replays, Verb(body.verb), path.name, header.idempotency_key)

    for verb in (Verb.PING, Verb.START, Verb.STOP, Verb.RESTART):
        api.post(f"/{verb}/<path:name>", responses={200: ActionAnswer})(_verb_route(act, replays, verb))
    return api


def _verb_route(act: Act, replays: Replays, verb: Verb) -> Callable[..., Response]:
    def route(path: ServicePath, header: WriteHeader) -> Response:
        return _answer(act, replays, verb, path.name, header.idempotency_key)

    route.__name__ = f"{verb}_service"
    route.__doc__ = f"{verb.value.capitalize()} a service (seed 001)."
    return route


def _answer(act: Act, replays: Replays, verb: Verb, name: str, key: str | None) -> Response:
    action_id = uuid5(_KEYS, f"{verb} {name} {key}") if key else None
    if action_id and (earlier := replays.find(action_id)):
        return _answer_again(earlier, act)
    do = act.ping if verb is Verb.PING else partial(act.perform, verb)
    return _answer_with(do(name, current_actor(), action_id))


def _answer_again(earlier: Action, act: Act) -> Response:
    """What the first write with this key answered, with the service's status of now."""
    if earlier.outcome is Outcome.RUNNING:
        raise ServiceBusy(earlier.service, earlier.verb, earlier.actor, earlier.id)
    if earlier.outcome is not Outcome.SUCCEEDED and earlier.verb is not Verb.PING:
        raise ActionFailed(earlier.message, earlier.id)
    return _answer_with(ActionResult(earlier, act.known(earlier.service)))


def _answer_with(result: ActionResult) -> Response:
    answer = ActionAnswer(
        service=result.service.name,
        status=result.service.status,
        message=result.action.message,
        action_id=result.action.id,
        detail=result.detail,
    )
    return jsonify(answer.model_dump(mode="json"))
