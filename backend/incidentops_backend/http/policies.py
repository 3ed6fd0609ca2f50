"""Remediation policies, their breakers, the decisions they led to, and the approvals they ask for."""

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from incidentops.domain.policies import Policy
from incidentops.ports import Clock, DecisionFilter, RemediationStore
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.schemas.remediation import (
    ApprovalIn,
    ApprovalOut,
    ApprovalPath,
    ApprovalsOut,
    DecisionOut,
    DecisionPageOut,
    DecisionQuery,
    PoliciesOut,
    approval_out,
    policies_out,
)
from incidentops_backend.use_cases.policies.approvals import Approvals, NotWaiting
from incidentops_backend.use_cases.policies.book import PolicyBook
from incidentops_backend.use_cases.policies.guards import GuardBook

_TAG = Tag(name="policies", description="When and how services are healed, and every decision about it")


def policies_routes(
    book: PolicyBook[Policy], guards: GuardBook, approvals: Approvals, store: RemediationStore, clock: Clock
) -> APIBlueprint:
    """`/api/v1/policies`, `/api/v1/decisions`, `/api/v1/approvals`."""
    api = APIBlueprint("policies", __name__, abp_tags=[_TAG], abp_responses={403: Problem})

    @api.get("/api/v1/policies", responses={200: PoliciesOut})
    def list_policies() -> Response:
        """The policies in force, the files that are not valid, and the breaker of every treated service."""
        return jsonify(policies_out(book.reading, guards.all(), clock.now()).model_dump(mode="json"))

    @api.get("/api/v1/decisions", responses={200: DecisionPageOut, 422: Problem, 503: Problem})
    def list_decisions(query: DecisionQuery) -> Response:
        """Every decision, also the one to do nothing, newest first, page by page."""
        where = DecisionFilter(query.service, query.policy, query.kind)
        rows = store.decisions(where, limit=query.limit + 1, before=query.cursor)
        items = [DecisionOut.model_validate(row) for row in rows[: query.limit]]
        cursor = items[-1].id if len(rows) > query.limit else None
        return jsonify(DecisionPageOut(items=items, next_cursor=cursor).model_dump(mode="json"))

    @api.get("/api/v1/approvals", responses={200: ApprovalsOut})
    def list_approvals() -> Response:
        """Remedies that wait for a person, the oldest first."""
        items = [approval_out(item) for item in approvals.waiting()]
        return jsonify(ApprovalsOut(items=items).model_dump(mode="json"))

    @api.post(
        "/api/v1/approvals/<approval_id>",
        responses={200: ApprovalOut, 404: Problem, 422: Problem, 503: Problem},
    )
    def answer_approval(path: ApprovalPath, body: ApprovalIn) -> Response:
        """Approve or refuse a remedy; the first answer stands."""
        try:
            answered = approvals.answer(path.approval_id, body.answer, current_actor())
        except NotWaiting as error:
            waiting = [str(item.approval.id) for item in approvals.waiting()]
            return problem(404, f"{error}.".capitalize(), kind="unknown-approval", known=waiting)
        return jsonify(approval_out(answered).model_dump(mode="json"))

    return api
