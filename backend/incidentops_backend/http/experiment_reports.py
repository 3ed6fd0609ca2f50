"""What runs come to, as files."""

from typing import Any

from flask import Response, json
from flask_openapi3.blueprint import APIBlueprint

from incidentops.domain.experiments.chaostoolkit import write_journal
from incidentops.domain.experiments.report import Report
from incidentops.domain.experiments.report_markdown import write_markdown
from incidentops_backend.http.experiment_files import download
from incidentops_backend.http.experiment_runs import RunPath
from incidentops_backend.http.experiments import PROBLEMS, TAG
from incidentops_backend.use_cases.experiments.history import RunHistory

_FILE: dict[Any, Any] = {200: {"description": "A file", "content": {"application/json": {}}}}
_MARKDOWN: dict[Any, Any] = {200: {"description": "A file", "content": {"text/markdown": {}}}}


def experiment_reports_routes(history: RunHistory) -> APIBlueprint:
    """`report.json`, `report.md` and `journal.json` of `/api/v1/runs/<run_id>`."""
    api = APIBlueprint("experiment_reports", __name__, abp_tags=[TAG], abp_responses=PROBLEMS)

    @api.get("/api/v1/runs/<run_id>/report.json", responses={200: Report})
    def get_report(path: RunPath) -> Response:
        """What the run comes to."""
        found = history.report(history.find(path.run_id))
        return download(found.model_dump_json(indent=2), "application/json", f"run-{path.run_id}.json")

    @api.get("/api/v1/runs/<run_id>/report.md", responses=_MARKDOWN)
    def get_report_as_markdown(path: RunPath) -> Response:
        """The same as Markdown."""
        text = write_markdown(history.report(history.find(path.run_id)))
        return download(text, "text/markdown; charset=utf-8", f"run-{path.run_id}.md")

    @api.get("/api/v1/runs/<run_id>/journal.json", responses=_FILE)
    def get_journal(path: RunPath) -> Response:
        """The run as a journal of the Chaos Toolkit."""
        run = history.find(path.run_id)
        body = json.dumps(write_journal(run, history.entries(run)), indent=2)
        return download(body, "application/json", f"journal-{path.run_id}.json")

    return api
