"""Who may ask."""

import pytest

from incidentops_backend.access import AccessRules

RULES = AccessRules.from_origins(["http://localhost:8080", "https://ops.example"], own_names=["backend"])


@pytest.mark.parametrize(
    "host", ["localhost:8000", "127.0.0.1:8080", "[::1]:8000", "backend:8000", "ops.example"]
)
def test_this_server_answers_to_its_own_names_on_any_port(host):
    assert RULES.host_allowed(host)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8000", "", "[::1", "10.0.0.7:8000"])
def test_a_rebound_name_is_refused(host):
    assert not RULES.host_allowed(host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "localhost:8000"),
        ("http://localhost:8080", "localhost:8000"),
        ("https://ops.example", "backend:8000"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
    ],
)
def test_curl_the_panel_and_the_same_origin_may_write(origin, host):
    assert RULES.origin_allowed(origin, host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "localhost:8000"),
        ("null", "localhost:8000"),
        ("http://localhost:9999", "localhost:8000"),
        ("http://evil.example:8000", "evil.example:8000"),
        ("file://", "localhost:8000"),
    ],
)
def test_a_page_elsewhere_may_not_write(origin, host):
    assert not RULES.origin_allowed(origin, host)
