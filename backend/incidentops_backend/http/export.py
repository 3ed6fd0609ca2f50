"""The action log as a file: every row that fits the filters, streamed page by page."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Literal

from flask import Response, json
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from incidentops.domain.actions import Action
from incidentops.ports import ActionFilter, Clock, Store
from incidentops_backend.http.actions import MAX_PAGE, ActionFilters
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas import ActionOut, action_out

_TAG = Tag(name="actions", description="The action log: who did what to which service, and how it ended")
COLUMNS = tuple(ActionOut.model_fields)
_TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ANSWER: dict[Any, Any] = {
    200: {"description": "The rows, newest first", "content": {"text/csv": {}, "application/json": {}}},
    422: Problem,
}

Pages = Iterator[tuple[Action, ...]]


class ExportQuery(ActionFilters):
    """Filters of the action log, and the file's format."""

    format: Literal["csv", "json"]


def export_routes(store: Store, clock: Clock) -> APIBlueprint:
    """`GET /api/v1/actions/export`."""
    api = APIBlueprint("export", __name__, abp_tags=[_TAG], abp_responses={503: Problem})

    @api.get("/api/v1/actions/export", responses=_ANSWER)
    def export_actions(query: ExportQuery) -> Response:
        """The whole filtered action log as CSV (RFC 4180) or JSON, newest first."""
        pages = _pages(store, query.where())
        body = as_csv(pages) if query.format == "csv" else as_json(pages)
        name = f"actions-{clock.now():%Y%m%dT%H%M%SZ}.{query.format}"
        answer = Response(body, content_type=_TYPES[query.format])
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    return api


def _pages(store: Store, where: ActionFilter) -> Pages:
    """The first page is read at once, so that an absent store is answered properly. One that goes away later
    breaks the transfer off: half a log must not look like a whole one."""
    first = store.actions(where, limit=MAX_PAGE)

    def pages() -> Pages:
        page = first
        yield page.items
        while page.next_cursor:
            page = store.actions(where, limit=MAX_PAGE, cursor=page.next_cursor)
            yield page.items

    return pages()


def as_csv(pages: Pages) -> Iterator[str]:
    """RFC 4180, one chunk per page. No cell can be taken for a formula by a spreadsheet."""
    yield _csv_rows([COLUMNS])
    for actions in pages:
        rows = (action_out(action).model_dump(mode="json") for action in actions)
        yield _csv_rows([_cell(row[column]) for column in COLUMNS] for row in rows)


def as_json(pages: Pages) -> Iterator[str]:
    """One JSON array."""
    separator = "["
    for actions in pages:
        for action in actions:
            yield separator + json.dumps(action_out(action).model_dump(mode="json"))
            separator = ",\n"
    yield "[]\n" if separator == "[" else "]\n"


def _csv_rows(rows: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
