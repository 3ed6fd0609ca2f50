"""Which versions answer here, and on which host."""

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import Field

from incidentops.domain.errors import IncidentOpsError
from incidentops.domain.observations import EngineInfo
from incidentops.ports import Engine
from incidentops_backend import __version__
from incidentops_backend.schemas import Shape

_TAG = Tag(name="system", description="The host, this server, and what it stands on")


class EngineOut(Shape):
    kind: str
    version: str
    api_version: str
    host: str


class AboutOut(Shape):
    version: str = Field(description="of the backend")
    engine: EngineOut | None = Field(description="as it last answered; null while it never has")


def about_routes(engine: Engine) -> APIBlueprint:
    """`GET /api/v1/about`."""
    api = APIBlueprint("about", __name__, abp_tags=[_TAG])
    known = _LastInfo(engine)

    @api.get("/api/v1/about", responses={200: AboutOut})
    def about() -> Response:
        """Versions of backend and engine, and the host's name."""
        info = known.newest()
        answer = AboutOut(version=__version__, engine=EngineOut.model_validate(info) if info else None)
        return jsonify(answer.model_dump(mode="json"))

    return api


class _LastInfo:
    """What the engine says of itself, kept for while it is away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._last: EngineInfo | None = None

    def newest(self) -> EngineInfo | None:
        try:
            self._last = self._engine.info()
        except IncidentOpsError:
            return self._last
        return self._last
