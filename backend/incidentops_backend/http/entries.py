"""List, read, create, replace and remove: the same five routes for every kind of entry."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, create_model

from incidentops.ports.oncall import E, EntryChanged, Kept
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.problems import Problem, problem
from incidentops_backend.schemas.oncall import Document, Name
from incidentops_backend.schemas.parameters import Parameters
from incidentops_backend.use_cases.oncall.book import (
    IncompleteTarget,
    NamesUnknown,
    NotOpen,
    OnCallBook,
    StillNamed,
    UnknownEntry,
)

Route = Callable[..., Response]


class EntryPath(BaseModel):
    """Which entry."""

    name: Name


class RevisionQuery(Parameters):
    """The revision that the change was made from; the write is refused when the entry has moved on."""

    revision: int | None = Field(default=None, ge=0)


class RemovedOut(BaseModel):
    removed: str


@dataclass(frozen=True, slots=True)
class EntryKind(Generic[E]):
    """One kind of entry on the wire: its path, its shapes, and the way from one to the other. `to_domain` gets
    the body, who sent it, and the entry of that name that is there already."""

    domain: type[E]
    path: str
    singular: str
    shape_in: type[BaseModel]
    shape_out: type[BaseModel]
    to_domain: Callable[[BaseModel, str, E | None], E]
    to_json: Callable[[Kept[E]], Document]


def entry_routes(api: APIBlueprint, book: OnCallBook, kind: EntryKind[E]) -> None:
    """`GET` and `POST /api/v1/<path>`, `GET`, `PUT` and `DELETE /api/v1/<path>/<name>`."""
    base, one = f"/api/v1/{kind.path}", f"/api/v1/{kind.path}/<name>"
    shape: Any = kind.shape_out
    listed = create_model(f"{kind.shape_out.__name__}List", items=(list[shape], ...))
    answers: dict[Any, Any] = {200: kind.shape_out, 404: Problem, 409: Problem}

    def list_entries() -> Response:
        return jsonify({"items": [shown(kind, kept) for kept in book.all(kind.domain)]})

    def create(body: BaseModel) -> Response:
        try:
            return _save(book, kind, body, 0)
        except EntryChanged:
            return _name_taken(kind.singular)

    def get(path: EntryPath) -> Response:
        return jsonify(shown(kind, book.get(kind.domain, path.name)))

    def replace(path: EntryPath, query: RevisionQuery, body: BaseModel) -> Response:
        book.get(kind.domain, path.name)
        return _save(book, kind, body.model_copy(update={"name": path.name}), query.revision)

    def remove(path: EntryPath, query: RevisionQuery) -> Response:
        book.remove(kind.domain, path.name, expected=query.revision)
        return jsonify({"removed": path.name})

    for route in (create, replace):
        route.__annotations__["body"] = kind.shape_in
    noun = kind.singular
    api.get(base, responses={200: listed})(
        _described(list_entries, f"list {noun}", f"All {kind.path}, by name.")
    )
    api.post(base, responses=answers)(_described(create, f"create {noun}", f"Add a {noun}."))
    api.get(one, responses=answers)(_described(get, f"get {noun}", f"One {noun}."))
    api.put(one, responses=answers)(_described(replace, f"replace {noun}", f"Replace a {noun}."))
    removed: dict[Any, Any] = {200: RemovedOut, 404: Problem, 409: Problem}
    api.delete(one, responses=removed)(
        _described(remove, f"remove {noun}", f"Remove a {noun}; refused while others name it.")
    )


def install_entry_problems(api: APIBlueprint) -> None:
    """Answer what the book refuses with problem documents."""
    api.register_error_handler(UnknownEntry, _unknown)
    api.register_error_handler(NamesUnknown, _names_unknown)
    api.register_error_handler(StillNamed, _still_named)
    api.register_error_handler(EntryChanged, _entry_changed)
    api.register_error_handler(IncompleteTarget, _incomplete_target)
    api.register_error_handler(NotOpen, _not_open)


def _described(route: Route, name: str, summary: str) -> Route:
    """Endpoint and documentation are made from a route's name and first line."""
    route.__name__, route.__doc__ = name.replace(" ", "_"), summary
    return route


def _save(book: OnCallBook, kind: EntryKind[E], body: BaseModel, expected: int | None) -> Response:
    actor = current_actor().name
    name = getattr(body, "name")  # noqa: B009 - every shape has a name, their common base has none
    present = next((kept.entry for kept in book.all(kind.domain) if kept.entry.name == name), None)
    book.save(kind.to_domain(body, actor, present), actor, expected=expected)
    return jsonify(shown(kind, book.get(kind.domain, name)))


def shown(kind: EntryKind[E], kept: Kept[E]) -> Document:
    """An entry as it is answered, with its revision."""
    document = kind.to_json(kept) | {
        "revision": kept.revision,
        "changed_by": kept.changed_by,
        "changed_at": kept.changed_at,
    }
    return kind.shape_out.model_validate(document).model_dump(mode="json")


def _unknown(error: UnknownEntry) -> Response:
    return problem(404, str(error), kind="unknown-entry", known=error.known)


def _names_unknown(error: NamesUnknown) -> Response:
    errors = [{"field": kind, "reason": f"there is no {kind} {name!r}"} for kind, name in error.items]
    return problem(422, str(error), kind="invalid-request", errors=errors)


def _still_named(error: StillNamed) -> Response:
    return problem(409, str(error), kind="still-named", named_by=error.by)


def _entry_changed(error: EntryChanged) -> Response:
    return problem(409, str(error), kind="entry-changed", revision=error.found)


def _not_open(error: NotOpen) -> Response:
    return problem(409, str(error), kind="not-open")


def _name_taken(noun: str) -> Response:
    errors = [{"field": "name", "reason": f"there is a {noun} of this name already"}]
    return problem(409, f"There is a {noun} of this name already.", kind="name-taken", errors=errors)


def _incomplete_target(error: IncompleteTarget) -> Response:
    errors = [{"field": "methods", "reason": str(error)}]
    return problem(422, str(error), kind="invalid-request", errors=errors)
