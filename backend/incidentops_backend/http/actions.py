"""Reading the action log."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from incidentops.domain.actions import Outcome
from incidentops.domain.services import Verb
from incidentops.ports import ActionFilter, Store
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.schemas import ActionPageOut, ServiceName
from incidentops_backend.schemas.parameters import Parameters

_TAG = Tag(name="actions", description="The action log: who did what to which service, and how it ended")
MAX_PAGE = 500


class ActionFilters(Parameters):
    """Which rows of the action log; what is left out means any."""

    service: ServiceName | None = None
    verb: Verb | None = None
    actor: Annotated[str | None, Field(max_length=200)] = None
    outcome: Outcome | None = None
    text: Annotated[
        str | None, Field(max_length=200, description="found in message or actor, in any case of letters")
    ] = None

    def where(self) -> ActionFilter:
        return ActionFilter(self.service, self.verb, self.actor, self.outcome, self.text or None)


class ActionQuery(ActionFilters):
    """Filters, and where to go on."""

    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 50
    cursor: Annotated[str | None, Field(max_length=200, description="`next_cursor` of the page before")] = (
        None
    )


def actions_routes(store: Store) -> APIBlueprint:
    """`GET /api/v1/actions`."""
    api = APIBlueprint("actions", __name__, abp_tags=[_TAG], abp_responses={503: Problem})

    @api.get("/api/v1/actions", responses={200: ActionPageOut, 422: Problem})
    def list_actions(query: ActionQuery) -> Response:
        """The action log, newest first, page by page."""
        try:
            page = store.actions(query.where(), limit=query.limit, cursor=query.cursor)
        except ValueError as error:
            return problem(422, f"cursor: {error}", kind="invalid-request")
        return jsonify(ActionPageOut.model_validate(page).model_dump(mode="json"))

    return api
