"""Telling people things, and what became of it (seed 003)."""

from typing import Annotated
from uuid import UUID, uuid5

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from incidentops.domain.notifications.contacts import ContactMethod
from incidentops.domain.notifications.notification import NotificationState, Told
from incidentops.ports.outbox import Outbox, ToldFilter
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.http.services import WriteHeader
from incidentops_backend.schemas.notifications import (
    AttemptOut,
    NotificationOut,
    NotificationPageOut,
    NotifyIn,
)
from incidentops_backend.schemas.oncall import Name
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.notify.send import Message, Notify
from incidentops_backend.use_cases.oncall.book import IncompleteTarget, UnknownEntry

_TAG = Tag(name="notifications", description="What people were told, by which channel, with which answer")
_KEYS = UUID("4b1f7c52-6a8e-5f0b-9d5c-1c2f0a9be317")


class NotificationQuery(Parameters):
    """Which notifications; what is left out means any."""

    state: NotificationState | None = None
    recipient: Name | None = None
    incident_id: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str | None, Field(max_length=200, description="`next_cursor` of the page before")] = (
        None
    )


class NotificationPath(BaseModel):
    """Which notification."""

    id: UUID


def notifications_routes(notify: Notify, outbox: Outbox) -> APIBlueprint:
    """`POST /api/v1/notify`, `GET /api/v1/notifications`."""
    api = APIBlueprint("notifications", __name__, abp_tags=[_TAG], abp_responses={422: Problem, 503: Problem})
    api.register_error_handler(UnknownEntry, _unreachable)
    api.register_error_handler(IncompleteTarget, _incomplete)

    @api.post("/api/v1/notify", responses={200: NotificationOut})
    def send_notification(body: NotifyIn, header: WriteHeader) -> Response:
        """Tell somebody something. The answer means that it is durable; its attempts follow (seed 003)."""
        key = header.idempotency_key
        message = Message(
            recipient=body.recipient,
            method=ContactMethod(body.channel, body.target) if body.channel else None,
            subject=body.subject,
            body=body.message,
            urgency=body.urgency,
            incident_id=body.incident_id,
            id=uuid5(_KEYS, key) if key else None,
        )
        return jsonify(_out(notify.send(message)).model_dump(mode="json"))

    @api.get("/api/v1/notifications", responses={200: NotificationPageOut})
    def list_notifications(query: NotificationQuery) -> Response:
        """Notifications with their attempts, newest first, page by page (seed 003)."""
        where = ToldFilter(query.state, query.recipient, query.incident_id)
        try:
            page = outbox.told(where, limit=query.limit, cursor=query.cursor)
        except ValueError as error:
            return problem(422, f"cursor: {error}", kind="invalid-request")
        shown = NotificationPageOut(
            items=tuple(_out(told) for told in page.items), next_cursor=page.next_cursor
        )
        return jsonify(shown.model_dump(mode="json"))

    @api.get("/api/v1/notifications/<id>", responses={200: NotificationOut, 404: Problem})
    def get_notification(path: NotificationPath) -> Response:
        """One notification."""
        if told := outbox.find(path.id):
            return jsonify(_out(told).model_dump(mode="json"))
        return problem(404, f"There is no notification {path.id}.", kind="unknown-notification")

    return api


def _out(told: Told) -> NotificationOut:
    item = told.notification
    return NotificationOut(
        id=item.id,
        kind=item.kind,
        recipient=item.recipient,
        urgency=item.urgency,
        subject=item.subject,
        body=item.body,
        channels=tuple(method.channel for method in item.methods),
        incident_id=item.incident_id,
        state=item.state,
        status=item.state,
        created_at=item.created_at,
        due_at=item.due_at,
        delivered_at=item.delivered_at,
        attempts=tuple(AttemptOut.model_validate(attempt) for attempt in told.attempts),
    )


def _unreachable(error: UnknownEntry) -> Response:
    return problem(
        422,
        str(error),
        kind="invalid-request",
        known=error.known,
        errors=[{"field": "recipient", "reason": str(error)}],
    )


def _incomplete(error: IncompleteTarget) -> Response:
    return problem(
        422, str(error), kind="invalid-request", errors=[{"field": "target", "reason": str(error)}]
    )
