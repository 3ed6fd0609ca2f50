"""What a web page elsewhere, a rebound name and a stranger on the network can do: nothing."""

import http.server
import threading
from collections.abc import Iterator

import pytest
import requests

from e2e.stack import API, PANEL, READ_SECONDS, SERVICES

pytestmark = pytest.mark.stack


@pytest.fixture
def page_elsewhere() -> Iterator[str]:
    """A web page of another origin on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>elsewhere</title>")

        def log_message(self, *arguments):
            """Keep quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize("target", [API, PANEL])
def test_a_page_elsewhere_cannot_stop_a_service(browser, stack, page_elsewhere, target):
    context = browser.new_context()
    page = context.new_page()
    page.goto(page_elsewhere)
    answer = page.evaluate(
        "url => fetch(url, {method: 'POST', mode: 'no-cors'}).then(() => 'sent', e => 'refused')",
        f"{target}/stop/redis",
    )
    context.close()
    assert answer in {"sent", "refused"}
    assert stack.services()["redis"]["status"] == "UP"
    assert stack.post("/ping/redis").json()["message"] == "Ping succeeded"


@pytest.mark.parametrize("base", [API, PANEL])
def test_a_rebound_name_is_answered_by_nobody(stack, base):
    answer = requests.post(f"{base}/stop/redis", headers={"Host": "evil.example"}, timeout=READ_SECONDS)
    assert answer.status_code == 421
    assert stack.services()["redis"]["status"] == "UP"


@pytest.mark.parametrize("base", [API, PANEL])
def test_curl_may_write_and_the_panel_may_too(stack, base):
    assert requests.post(f"{base}/ping/redis", timeout=READ_SECONDS).status_code == 200
    headers = {"Origin": PANEL}
    assert requests.post(f"{base}/ping/redis", headers=headers, timeout=READ_SECONDS).status_code == 200


def test_everything_is_published_on_loopback_only(stack):
    for service in SERVICES:
        ports = stack.container(service).attrs["NetworkSettings"]["Ports"]
        hosts = {binding["HostIp"] for bindings in ports.values() for binding in bindings or ()}
        assert hosts <= {"127.0.0.1"}, service


def test_only_the_backend_sees_the_docker_socket(stack):
    holders = {
        service
        for service in SERVICES
        if any("docker.sock" in mount["Source"] for mount in stack.container(service).attrs["Mounts"])
    }
    assert holders == {"backend"}


def test_the_panel_carries_a_policy_with_a_fresh_nonce(stack):
    policies = {
        requests.get(PANEL, headers={"Accept": "text/html"}, timeout=READ_SECONDS).headers[
            "Content-Security-Policy"
        ]
        for _ in range(2)
    }
    assert len(policies) == 2
    for policy in policies:
        assert "'nonce-" in policy
        assert "frame-ancestors 'none'" in policy
