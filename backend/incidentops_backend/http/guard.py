"""What every request passes before it reaches a route, and the headers that every answer carries."""

from flask import Flask, Request, Response, request

from incidentops.domain.actions import Actor, Source
from incidentops_backend.access import AccessRules
from incidentops_backend.http.asked import itself
from incidentops_backend.http.problems import problem

MAX_BODY_BYTES = 256 * 1024
MAX_INTAKE_BYTES = 4 * 1024 * 1024
_INTAKE = ("/api/v1/ingest/", "/api/v2/alerts", "/v2/enqueue", "/api/v1/alerts")
"""Here each wire format has its own cap, and its own way to say so."""

DOCS_PREFIX = "/openapi"
CLIENT_HEADER = "Incidentops-Client"
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_DOCS_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""The bundled OpenAPI page starts itself with an inline script. The panel's own policy is nginx's."""


_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
)


def install_guard(app: Flask, rules: AccessRules) -> None:
    """Check Host on everything and Origin on every write; cap bodies; set the usual headers."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1

    @app.before_request
    def check_access() -> Response | None:
        asked = itself(request)
        host = asked.host
        if not rules.host_allowed(host):
            return problem(421, f"This server does not answer to {host!r}.", kind="unknown-host")
        if asked.path.startswith(_INTAKE):
            too_long = (asked.content_length or 0) > MAX_INTAKE_BYTES
            asked.max_content_length = None if too_long else MAX_INTAKE_BYTES + 1
        elif _body_bytes(asked) > MAX_BODY_BYTES:
            return problem(413, f"A body may hold {MAX_BODY_BYTES} bytes.", kind="too-large")
        return None if asked.method in _SAFE_METHODS else _check_write(rules, asked, host)

    @app.after_request
    def set_headers(response: Response) -> Response:
        docs = request.path.startswith(DOCS_PREFIX)
        response.headers.extend(_HEADERS)
        response.headers.add("Content-Security-Policy", _DOCS_POLICY if docs else _POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def current_actor() -> Actor:
    """Who acts. Until IDENTITY there are no accounts: everybody is the operator, through panel or API."""
    panel = request.headers.get(CLIENT_HEADER) == "panel"
    return Actor("operator", Source.UI if panel else Source.API)


def _body_bytes(asked: Request) -> int:
    """A body that comes in chunks says its size only by its end, and what is beyond MAX_CONTENT_LENGTH is cut off
    without a word: that is one byte more than we take, so that it shows."""
    if asked.content_length is not None or asked.method in _SAFE_METHODS:
        return asked.content_length or 0
    return len(asked.get_data())


def _check_write(rules: AccessRules, asked: Request, host: str) -> Response | None:
    origin = asked.headers.get("Origin")
    cross_site = asked.headers.get("Sec-Fetch-Site") == "cross-site"
    if cross_site or not rules.origin_allowed(origin, host):
        return problem(403, f"A page of {origin or 'another site'} may not act here.", kind="foreign-origin")
    return None
