"""The one place where errors of the SDK, its HTTP stack and sockets become errors of the port."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager

import requests
import urllib3
from docker.errors import APIError, DockerException

from incidentops.domain.errors import ContainerGone, EngineRefused, IncidentOpsError, Unavailable

UNREACHABLE = (
    OSError,
    http.client.HTTPException,
    requests.exceptions.RequestException,
    urllib3.exceptions.HTTPError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Run engine calls; raises only `Unavailable`, `ContainerGone` and `EngineRefused`."""
    try:
        yield
    except APIError as error:
        raise refusal(error.status_code or 0, str(error.explanation or error)) from error
    except UNREACHABLE as error:
        raise unavailable(error) from error
    except DockerException as error:
        raise EngineRefused(str(error)) from error


def unavailable(error: BaseException) -> Unavailable:
    """The engine did not answer; the reason is the innermost cause, in its own words."""
    if "timed out" in str(error).lower():
        return Unavailable("engine", "it did not answer in time")
    cause = _innermost(error)
    words = (cause.strerror if isinstance(cause, OSError) else None) or str(cause) or type(cause).__name__
    return Unavailable("engine", words)


def refusal(status: int, words: str) -> IncidentOpsError:
    """The port's error for an HTTP error status and the engine's explanation."""
    if status == http.client.NOT_FOUND and "no such container" in words.lower():
        return ContainerGone(words)
    return EngineRefused(words or f"the engine answered with status {status}")


def explanation(body: bytes) -> str:
    """The engine's sentence out of an error body, which is JSON or plain text."""
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return body.decode("utf-8", "replace").strip()


def _innermost(error: BaseException) -> BaseException:
    """Follow the chain of causes: HTTP libraries wrap the operating system's plain words many times."""
    seen: BaseException = error
    while (inner := seen.__cause__ or seen.__context__) is not None:
        seen = inner
    return seen
