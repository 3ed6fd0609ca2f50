"""`/api/v2/silences` as Alertmanager has them, so that amtool works: the same silences as everywhere."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from typing import Annotated, ParamSpec, Self

from flask import Response, json, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models import RawModel
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.messages.ids import uuid7
from incidentops.ports import Clock
from incidentops.ports.oncall import Kept
from incidentops_backend.http.guard import MAX_BODY_BYTES, current_actor
from incidentops_backend.http.ingest.door import Refused, parsed, read_body
from incidentops_backend.http.ingest.matchers import read_matchers
from incidentops_backend.http.ingest.prometheus import as_text
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.incidents import NO_NUL
from incidentops_backend.schemas.instants import Timestamp
from incidentops_backend.schemas.oncall import Document, MatcherIn, Text
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
    createdBy: Text = ""  # noqa: N815 - Alertmanager's name
    comment: Text = ""

    @model_validator(mode="after")
    def _has_a_length(self) -> Self:
        if self.endsAt <= self.startsAt:
            raise ValueError("start time must be before end time")
        return self


class SilenceIdOut(BaseModel):
    silenceID: str  # noqa: N815 - Alertmanager's name


class SilenceRaw(RawModel):
    """See `PostableSilence`."""


class SilencePath(BaseModel):
    """Which silence."""

    id: Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class SilencesQuery(Parameters):
    """Conditions on the silences' own matchers: those on `service="redis"`, say."""

    filter: list[str] = Field(default=[], max_length=20)


class GettableSilences(BaseModel):
    """A JSON array of silences."""


P = ParamSpec("P")


def _in_its_words(route: Callable[P, Response]) -> Callable[P, Response]:
    """What is wrong, as Alertmanager tells it."""

    @wraps(route)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return route(*args, **kwargs)
        except Refused as refused:
            return as_text(refused)
        except UnknownEntry as error:
            return as_text(Refused(404, "unknown", str(error)))

    return answered


def alertmanager_silence_routes(api: APIBlueprint, book: OnCallBook, clock: Clock) -> None:
    """`GET`, `POST /api/v2/silences`, `GET`, `DELETE /api/v2/silence/<id>`."""

    @api.get("/api/v2/silences", responses={200: GettableSilences})
    @_in_its_words
    def list_alertmanager_silences(query: SilencesQuery) -> Response:
        """Every silence, in Alertmanager's words; `filter` holds matchers that theirs must fit."""
        filters = read_matchers(query.filter)
        found = [kept for kept in book.all(Silence) if _fits(kept.entry, filters)]
        shown = [_gettable(kept, clock.now()) for kept in found]
        return Response(json.dumps(shown), content_type="application/json")

    @api.post("/api/v2/silences", responses={200: SilenceIdOut, 404: Problem})
    @_in_its_words
    def post_alertmanager_silence(raw: SilenceRaw) -> Response:
        """Add a silence, or put one in the place of another."""
        body = parsed(PostableSilence, read_body(raw, MAX_BODY_BYTES))
        if body.id and all(kept.entry.name != body.id for kept in book.all(Silence)):
            raise UnknownEntry(Silence, body.id, [])
        silence = _silence(body)
        book.save(silence, current_actor().name)
        return jsonify({"silenceID": silence.name})

    @api.get("/api/v2/silence/<id>", responses={200: GettableSilences, 404: Problem})
    @_in_its_words
    def get_alertmanager_silence(path: SilencePath) -> Response:
        """One silence."""
        return jsonify(_gettable(book.get(Silence, path.id), clock.now()))

    @api.delete("/api/v2/silence/<id>", responses={200: SilenceIdOut, 404: Problem})
    @_in_its_words
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
