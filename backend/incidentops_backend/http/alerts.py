"""Alerts: sending one in seed 003's form, reading them, and the rules that make them incidents."""

from typing import Annotated, Any
from uuid import UUID

import yaml
from flask import Request, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.alerts import AlertStatus
from incidentops.domain.correlation import DEFAULT_DOCUMENT, DEFAULT_RULES, RulesRefused, read_rules
from incidentops.domain.severity import Severity
from incidentops.ports import Clock, IncidentStore
from incidentops.ports.incidents import AlertFilter, RulesChanged, StoredRules
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.schemas.incidents import AlertOut, AlertPageOut, alert_out
from incidentops_backend.schemas.parameters import Parameters

TAG = Tag(name="alerts", description="Deduplicated signals of every source")


class AlertPath(BaseModel):
    """Which alert."""

    alert_id: UUID


class AlertQuery(Parameters):
    """Which alerts; what is left out means any."""

    status: AlertStatus | None = None
    severity: Severity | None = None
    service: Annotated[str | None, Field(max_length=200)] = None
    source: Annotated[str | None, Field(max_length=200)] = None
    incident_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=40, description="`next_cursor` of the page before")] = None


class RulesBody(RawModel):
    """A rule set as YAML (or JSON, which is YAML)."""

    mimetypes: list[str] = ["application/yaml", "application/json"]  # noqa: RUF012  # as its base has it


class RulesOut(BaseModel):
    """The rules that apply."""

    version: int = Field(description="0: as shipped")
    source: str = Field(description="as it was stored")
    actor: str
    rules: list[str] = Field(description="their names, in order")


class VersionQuery(Parameters):
    """The version that the change was made from; the write is refused when there is a newer one."""

    version: int | None = Field(default=None, ge=0)


def alerts_routes(store: IncidentStore) -> APIBlueprint:
    """`GET /api/v1/alerts` and `GET /api/v1/alerts/<alert_id>`."""
    api = APIBlueprint("alerts", __name__, abp_tags=[TAG], abp_responses={422: Problem, 503: Problem})

    @api.get("/api/v1/alerts", responses={200: AlertPageOut})
    def list_alerts(query: AlertQuery) -> Response:
        """Alerts, the last accepted first, page by page."""
        where = AlertFilter(query.status, query.severity, query.service, query.source, query.incident_id)
        try:
            page = store.alerts(where, limit=query.limit, cursor=query.cursor)
        except ValueError as error:
            return problem(422, f"cursor: {error}", kind="invalid-request")
        return jsonify(AlertPageOut.model_validate(page).model_dump(mode="json"))

    @api.get("/api/v1/alerts/<alert_id>", responses={200: AlertOut, 404: Problem})
    def get_alert(path: AlertPath) -> Response:
        """One alert."""
        alert = store.alert(path.alert_id)
        if alert is None:
            return problem(404, f"There is no alert {path.alert_id}.", kind="unknown-alert")
        return jsonify(alert_out(alert).model_dump(mode="json"))

    return api


def rules_routes(store: IncidentStore, clock: Clock) -> APIBlueprint:
    """`/api/v1/correlation/rules`."""
    api = APIBlueprint("rules", __name__, abp_tags=[TAG], abp_responses={422: Problem, 503: Problem})
    api.register_error_handler(RulesChanged, _changed)

    @api.get("/api/v1/correlation/rules", responses={200: RulesOut})
    def get_rules() -> Response:
        """The rules that apply now."""
        return _rules_answer(store.rules())

    @api.put("/api/v1/correlation/rules", responses={200: RulesOut, 409: Problem})
    def put_rules(raw: RulesBody, query: VersionQuery) -> Response:
        """Store the next version of the rules; it applies from the next alert on."""
        try:
            document, text = yaml_document(raw)
            read_rules(document)
        except RulesRefused as error:
            return rules_refused(error)
        stored = store.save_rules(document, text, current_actor().name, clock.now(), expected=query.version)
        return _rules_answer(stored)

    return api


def yaml_document(raw: Request) -> tuple[Any, str]:
    """The body as plain values, and as text. Raises RulesRefused."""
    try:
        text = raw.get_data().decode("utf-8")
        return yaml.safe_load(text), text
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError) as error:
        raise RulesRefused([f"not YAML: {' '.join(str(error).split())}"]) from error


def rules_refused(error: RulesRefused) -> Response:
    """422 with every problem."""
    return problem(422, str(error), kind="invalid-request", problems=error.problems)


def _changed(error: RulesChanged) -> Response:
    return problem(409, str(error), kind="entry-changed")


def _rules_answer(stored: StoredRules | None) -> Response:
    rules = stored.rules if stored else DEFAULT_RULES
    answer = RulesOut(
        version=rules.version,
        source=stored.source if stored else yaml.safe_dump(DEFAULT_DOCUMENT, sort_keys=False),
        actor=stored.actor if stored else "",
        rules=[rule.name for rule in rules.rules],
    )
    return jsonify(answer.model_dump())
