"""GET over HTTP, for probes: one answer, no redirects, a bounded body."""

import json
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode

from incidentops.domain.experiments.document import Scalar
from incidentops_chaos.findings import Answer, CannotAsk

MAX_BODY = 64 * 1024


def _opener() -> urllib.request.OpenerDirector:
    """Without proxies, files and redirects: where a redirect leads is another question."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


_OPENER = _opener()


def get(url: str, timeout_seconds: float) -> Answer:
    """The status and the beginning of the body. A host that does not answer found nothing: `Answer(None)`."""
    try:
        with _OPENER.open(url, timeout=timeout_seconds) as answer:
            return Answer(answer.status, answer.read(MAX_BODY).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(MAX_BODY).decode("utf-8", "replace"))
    except (OSError, HTTPException) as error:
        return Answer(None, str(error))


def query_prometheus(base_url: str, query: str, timeout_seconds: float) -> Answer:
    """The value of the first series; None when there is none. Raises CannotAsk when Prometheus does not answer
    or does not understand."""
    asked = urlencode({"query": query, "timeout": f"{timeout_seconds}s"})
    answer = get(f"{base_url}/api/v1/query?{asked}", timeout_seconds)
    try:
        document = json.loads(answer.body or "")
    except ValueError as error:
        raise CannotAsk(f"prometheus does not answer: {answer.value} {answer.body}") from error
    if document.get("status") != "success":
        raise CannotAsk(f"prometheus refuses: {document.get('error')}")
    return Answer(_first_value(document["data"]))


def _first_value(data: dict[str, Any]) -> Scalar:
    result = data["result"]
    if data["resultType"] == "scalar":
        return float(result[1])
    return float(result[0]["value"][1]) if result and data["resultType"] == "vector" else None
