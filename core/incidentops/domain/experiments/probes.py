"""The probes of a steady-state hypothesis: what they ask, and what is tolerated."""

import re
from ipaddress import ip_address
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from incidentops.domain.experiments.document import Part, ServiceName, Title
from incidentops.domain.experiments.tolerance import Tolerance

MAX_QUERY = 2_000
DEFAULT_SECONDS = 2.0
_PRINTABLE = re.compile(r"[!-~]*")


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if not _PRINTABLE.fullmatch(url) or parts.port == 0 or not _is_host(parts.hostname or ""):
        raise ValueError(
            "expected printable ASCII, a host name and a port from 1 to 65535: nobody could ask it"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("expected http://host/… or https://host/…")
    if parts.username or parts.password:
        raise ValueError("a URL with a password does not belong into an experiment")
    if _is_link_local(parts.hostname):
        raise ValueError("link-local addresses belong to the machine and its cloud, not to services")
    return url


def _is_host(name: str) -> bool:
    try:
        name.encode("idna")
    except UnicodeError:
        return False
    return True


def _is_link_local(host: str) -> bool:
    try:
        return ip_address(host).is_link_local
    except ValueError:  # a name
        return False


class _Probe(Part):
    """`timeout_seconds`: after which the probe counts as failed to answer."""

    name: Title
    tolerance: Tolerance
    timeout_seconds: Annotated[float, Field(ge=0.1, le=10)] = DEFAULT_SECONDS


class ServiceProbe(_Probe):
    """Asks a service by its own protocol; finds `true` when it answers."""

    type: Literal["service"] = "service"
    service: ServiceName
    tolerance: Tolerance = True


class HttpProbe(_Probe):
    """GETs a URL; finds the status, a pattern looks into the body. Redirects are not followed."""

    type: Literal["http"] = "http"
    url: Annotated[str, Field(max_length=2_000), AfterValidator(_http_url)]
    tolerance: Tolerance = 200


class PromqlProbe(_Probe):
    """Asks Prometheus; finds the value of the first series, nothing when there is none."""

    type: Literal["promql"] = "promql"
    query: Annotated[str, Field(min_length=1, max_length=MAX_QUERY)]


class SqlProbe(_Probe):
    """Asks our own database one SELECT, read-only; finds the first column of the first row."""

    type: Literal["sql"] = "sql"
    query: Annotated[str, Field(min_length=1, max_length=MAX_QUERY)]


Probe = Annotated[ServiceProbe | HttpProbe | PromqlProbe | SqlProbe, Field(discriminator="type")]
