"""What was done at the time of an incident, and its evidence."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from incidentops.domain.happenings import time_of
from incidentops.ports import Clock
from incidentops.ports.chronicle import Chronicle, Period
from incidentops.ports.evidence import EvidenceStore
from incidentops_backend.http.incidents import TAG, IncidentPath
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.reads.radius import Radius
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.schemas.story import EvidenceListOut, EvidenceOut, HappeningOut, RelatedOut
from incidentops_backend.use_cases.incidents.desk import IncidentDesk


class RelatedQuery(Parameters):
    """Where to go on."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200, description="`next_cursor` of the page before")] = (
        None
    )


def story_routes(
    desk: IncidentDesk, chronicle: Chronicle, evidence: EvidenceStore, radius: Radius, clock: Clock
) -> APIBlueprint:
    """`/api/v1/incidents/<reference>/related` and `/api/v1/incidents/<reference>/evidence`."""
    api = APIBlueprint(
        "story", __name__, abp_tags=[TAG], abp_responses={404: Problem, 422: Problem, 503: Problem}
    )

    @api.get("/api/v1/incidents/<reference>/related", responses={200: RelatedOut})
    def related(path: IncidentPath, query: RelatedQuery) -> Response:
        """Actions, faults, experiments and decisions of remediation at the same time, newest first."""
        incident = desk.known(path.reference)
        services = radius.of(incident)
        since, until = time_of(incident, clock.now())
        try:
            page = chronicle.happenings(
                Period(services.keys(), since, until), limit=query.limit, cursor=query.cursor
            )
        except ValueError as error:
            return problem(422, f"cursor: {error}", kind="invalid-request")
        answer = RelatedOut(
            services=services,
            since=since,
            until=until,
            items=[HappeningOut.model_validate(item) for item in page.items],
            next_cursor=page.next_cursor,
        )
        return jsonify(answer.model_dump(mode="json"))

    @api.get("/api/v1/incidents/<reference>/evidence", responses={200: EvidenceListOut})
    def evidence_of(path: IncidentPath) -> Response:
        """What was known when it opened and when it was resolved; taken once, a moment after."""
        found = evidence.evidence(desk.known(path.reference).id)
        answer = EvidenceListOut(items=[EvidenceOut.model_validate(item) for item in found])
        return jsonify(answer.model_dump(mode="json"))

    return api
