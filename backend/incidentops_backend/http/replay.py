"""What would have been under other rules of correlation, schedules and escalation policies."""

from datetime import timedelta

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import ValidationError

from incidentops.domain.correlation import RulesRefused, read_rules
from incidentops.ports import Clock
from incidentops_backend.http.alerts import TAG, RulesBody, rules_refused, yaml_document
from incidentops_backend.http.entries import install_entry_problems
from incidentops_backend.http.oncall_kinds import policy_of, schedule_of, team_of
from incidentops_backend.http.problems import Problem, invalid_request
from incidentops_backend.schemas.replay import DifferenceOut, DraftIn, ReplayQuery, difference_out
from incidentops_backend.use_cases.incidents.replay import Draft, IncidentReplay

_REPLAYED = timedelta(days=7)


def replay_routes(replay: IncidentReplay, clock: Clock) -> APIBlueprint:
    """`POST /api/v1/correlation/replay`."""
    api = APIBlueprint("replay", __name__, abp_tags=[TAG], abp_responses={422: Problem, 503: Problem})
    install_entry_problems(api)

    @api.post("/api/v1/correlation/replay", responses={200: DifferenceOut})
    def replay_alerts(raw: RulesBody, query: ReplayQuery) -> Response:
        """Which incidents and pages of a period would differ with these rules, teams, schedules and policies. The body
        has `rules`, `teams`, `schedules` and `escalation_policies` as they are written elsewhere, any of them; nothing
        is stored, nobody is paged."""
        try:
            document, _ = yaml_document(raw)
            draft = _draft(DraftIn.model_validate(document or {}))
        except RulesRefused as error:
            return rules_refused(error)
        except ValidationError as error:
            return invalid_request(error)
        until = query.until or clock.now()
        found = replay.what_if(draft, query.since or until - _REPLAYED, until)
        return jsonify(difference_out(found.alerts, found.difference).model_dump(mode="json"))

    return api


def _draft(body: DraftIn) -> Draft:
    """Raises RulesRefused."""
    return Draft(
        rules=None if body.rules is None else read_rules({"rules": body.rules}),
        teams=[team_of(team) for team in body.teams],
        schedules=[schedule_of(schedule) for schedule in body.schedules],
        policies=[policy_of(policy) for policy in body.escalation_policies],
    )
