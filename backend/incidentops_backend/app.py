"""The Flask application: routes, guard, problem documents, metrics and the OpenAPI document."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from prometheus_client import CollectorRegistry

from incidentops_backend import __version__
from incidentops_backend.access import AccessRules
from incidentops_backend.http.guard import install_guard
from incidentops_backend.http.measure import install_measure
from incidentops_backend.http.problems import install_problems, invalid_request

_INFO = Info(
    title="IncidentOps",
    version=__version__,
    description="See every service live, stop and start it, and read what was done. Errors are RFC 9457 "
    "problem documents. Until authentication is configured this API answers on loopback only.",
)


class Application(OpenAPI):
    """Flask with an OpenAPI document."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine; Flask would look each time whether one is, five times a request."""
        return func


def create_app(rules: AccessRules, registry: CollectorRegistry, routes: Sequence[APIBlueprint]) -> OpenAPI:
    """The application with these route groups, guarded and measured."""
    app = Application(__name__, info=_INFO, security_schemes={}, validation_error_callback=invalid_request)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    install_measure(app, registry)
    install_guard(app, rules)
    install_problems(app)
    for group in routes:
        app.register_api(group)
    return app
