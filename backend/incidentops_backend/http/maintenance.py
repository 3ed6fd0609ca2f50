"""Maintenance windows and silences: nobody is paged, everything is recorded."""

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from incidentops.domain.suppression.windows import MaintenanceWindow
from incidentops.ports import Clock
from incidentops_backend.http.alertmanager_silences import alertmanager_silence_routes
from incidentops_backend.http.entries import EntryKind, EntryPath, entry_routes, install_entry_problems, shown
from incidentops_backend.http.guard import current_actor
from incidentops_backend.http.oncall_kinds import silences, windows
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.oncall import WindowOut
from incidentops_backend.use_cases.oncall.book import OnCallBook

_TAG = Tag(name="maintenance", description="When nobody is paged although something is wrong")


def maintenance_routes(book: OnCallBook, clock: Clock) -> APIBlueprint:
    """`/api/v1/maintenance-windows`, `/api/v1/silences`, and amtool's `/api/v2/silences`."""
    api = APIBlueprint("maintenance", __name__, abp_tags=[_TAG], abp_responses={422: Problem, 503: Problem})
    install_entry_problems(api)
    entry_routes(api, book, windows(clock))
    _end_route(api, book, windows(clock))
    entry_routes(api, book, silences(clock))
    alertmanager_silence_routes(api, book, clock)
    return api


def _end_route(api: APIBlueprint, book: OnCallBook, kind: EntryKind[MaintenanceWindow]) -> None:
    @api.post(
        "/api/v1/maintenance-windows/<name>/end", responses={200: WindowOut, 404: Problem, 409: Problem}
    )
    def end_maintenance_window(path: EntryPath) -> Response:
        """End what is open of it now; a repeating one comes again, unless its `last` day has come."""
        return jsonify(shown(kind, book.end_window(path.name, current_actor().name)))
