"""One POST, and what counts as its success."""

import threading
from collections.abc import Mapping
from typing import Any

import requests

from incidentops.domain.notifications.redaction import redacted_answer
from incidentops.ports.channels import NotDelivered

_TIMEOUTS = (3.0, 10.0)  # seconds to connect, to answer
_ANSWER_BYTES = 300
_per_thread = threading.local()


def post(url: str, body: bytes, headers: Mapping[str, str]) -> str:
    """The answer to a POST of JSON: its status and how it begins. Only 2xx is a success; a redirect is not
    followed, since the message might go where nobody meant it to. Raises NotDelivered."""
    try:
        status, reason, text = _exchange(url, body, headers)
    except (requests.RequestException, UnicodeError) as error:
        raise NotDelivered(_sentence(error, url)) from None
    answer = redacted_answer(f"{status} {reason} {text}".strip(), url)
    if not 200 <= status < 300:  # noqa: PLR2004 - the success codes of HTTP
        raise NotDelivered(answer)
    return answer


def _exchange(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str, str]:
    arguments: dict[str, Any] = {"timeout": _TIMEOUTS, "allow_redirects": False, "stream": True}
    headers = {"Content-Type": "application/json", **headers}
    with _session().post(url, data=body, headers=headers, **arguments) as response:
        start = response.raw.read(_ANSWER_BYTES, decode_content=True)
        return response.status_code, response.reason or "", start.decode("utf-8", "replace")


def _session() -> requests.Session:
    """Sessions are not made for several threads, connections are kept by thread."""
    if not hasattr(_per_thread, "session"):
        _per_thread.session = requests.Session()
    session: requests.Session = _per_thread.session
    return session


def _sentence(error: Exception, url: str) -> str:
    """What happened, in few words; the library's own text repeats the whole URL."""
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.ConnectionError):
        return "no connection"
    return redacted_answer(f"{type(error).__name__}: {error}", url)
