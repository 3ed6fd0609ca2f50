"""`/api/v2/silences` as Alertmanager has them, so that amtool works: the same silences as everywhere."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from flask import Response, json, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field

from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.oncall import Kept
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.ingest.door import Refused
from incidentops_backend.http.ingest.matchers import read_matchers
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.instants import Timestamp
from incidentops_backend.schemas.oncall import Document, MatcherIn, Name
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.oncall.book import OnCallBook, UnknownEntry


class PostableMatcher(MatcherIn):
    """A condition in Alertmanager's words."""

    model_config = ConfigDict(extra="ignore", validate_by_name=False)

    equal: bool = Field(default=True, alias="isEqual")
    regex: bool = Field(default=False, alias="isRegex")


class PostableSilence(BaseModel):
    """A new silence, or with an `id` the one to put in its place."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(default="", max_length=63)
    matchers: Annotated[tuple[PostableMatcher, ...], Field(min_length=1, max_length=20)]
    startsAt: Timestamp  # noqa: N815 - Alertmanager's name
    endsAt: Timestamp  # noqa: N815 - Alertmanager's name
    createdBy: Annotated[str, Field(max_length=200)] = ""  # noqa: N815 - Alertmanager's name
    comment: Annotated[str, Field(max_length=500)] = ""


class SilenceIdOut(BaseModel):
    silenceID: str  # noqa: N815 - Alertmanager's name


class SilencePath(BaseModel):
    """Which silence."""

    id: Name


class SilencesQuery(Parameters):
    """Conditions on the silences' own matchers: those on `service="redis"`, say."""

    filter: list[str] = Field(default=[], max_length=20)


class GettableSilences(BaseModel):
    """A JSON array of silences."""


def alertmanager_silence_routes(api: APIBlueprint, book: OnCallBook, clock: Clock) -> None:
    """`GET`, `POST /api/v2/silences`, `GET`, `DELETE /api/v2/silence/<id>`."""

    @api.get("/api/v2/silences", responses={200: GettableSilences})
    def list_alertmanager_silences(query: SilencesQuery) -> Response:
        """Every silence, in Alertmanager's words; `filter` holds matchers that theirs must fit."""
        try:
            filters = read_matchers(query.filter)
        except Refused as refused:
            return Response(json.dumps(refused.detail), status=400, content_type="application/json")
        found = [kept for kept in book.all(Silence) if _fits(kept.entry, filters)]
        shown = [_gettable(kept, clock.now()) for kept in found]
        return Response(json.dumps(shown), content_type="application/json")

    @api.post("/api/v2/silences", responses={200: SilenceIdOut, 404: Problem})
    def post_alertmanager_silence(body: PostableSilence) -> Response:
        """Add a silence, or put one in the place of another."""
        if body.id and all(kept.entry.name != body.id for kept in book.all(Silence)):
            raise UnknownEntry(Silence, body.id, [])
        silence = _silence(body)
        book.save(silence, current_actor().name)
        return jsonify({"silenceID": silence.name})

    @api.get("/api/v2/silence/<id>", responses={200: GettableSilences, 404: Problem})
    def get_alertmanager_silence(path: SilencePath) -> Response:
        """One silence."""
        return jsonify(_gettable(book.get(Silence, path.id), clock.now()))

    @api.delete("/api/v2/silence/<id>", responses={200: SilenceIdOut, 404: Problem})
    def expire_alertmanager_silence(path: SilencePath) -> Response:
        """End a silence now; it stays in the list as expired."""
        kept, now = book.get(Silence, path.id), clock.now()
        ended = replace(kept.entry, start=min(kept.entry.start, now), end=min(kept.entry.end, now))
        book.save(ended, current_actor().name, expected=kept.revision)
        return jsonify({"silenceID": path.id})


def _silence(body: PostableSilence) -> Silence:
    matchers = tuple(Matcher(item.name, item.value, item.equal, item.regex) for item in body.matchers)
    name = body.id or str(uuid7())
    return Silence(name, matchers, body.startsAt, body.endsAt, body.createdBy, body.comment)


def _fits(silence: Silence, filters: list[Matcher]) -> bool:
    values = {matcher.name: matcher.value for matcher in silence.matchers}
    return all(item.fits(values) for item in filters)


def _gettable(kept: Kept[Silence], now: datetime) -> Document:
    silence = kept.entry
    return {
        "id": silence.name,
        "status": {"state": _state(silence, now)},
        "updatedAt": kept.changed_at.isoformat(),
        "comment": silence.comment,
        "createdBy": silence.created_by or kept.changed_by,
        "startsAt": silence.start.isoformat(),
        "endsAt": silence.end.isoformat(),
        "matchers": [
            {"name": item.name, "value": item.value, "isRegex": item.regex, "isEqual": item.equal}
            for item in silence.matchers
        ],
    }


def _state(silence: Silence, now: datetime) -> str:
    if now >= silence.end:
        return "expired"
    return "active" if silence.start <= now else "pending"
