"""The base of header and query models."""

from functools import cache
from typing import Any

from pydantic import BaseModel


class Parameters(BaseModel):
    """Headers or query parameters of a route. flask-openapi3 asks for their JSON schema at every request, and
    pydantic takes 1 ms of CPU to make it: here it is made once."""

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        if args or options:
            return super().model_json_schema(*args, **options)
        return cls._plain_schema()

    @classmethod
    @cache
    def _plain_schema(cls) -> dict[str, Any]:
        return super().model_json_schema()
