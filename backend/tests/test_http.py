"""Reads, errors and the guard."""

import pytest


def test_services_are_listed_from_memory_without_asking_the_engine(world):
    world.add("redis")
    world.add("postgres")
    world.engine.go_away()
    answer = world.client.get("/services")
    assert [service["name"] for service in answer.get_json()] == ["postgres", "redis"]
    assert world.client.get("/api/v1/services").get_json() == answer.get_json()


def test_one_service_is_read_by_its_name_also_with_its_project(world):
    world.add("redis", labels={"com.docker.compose.project": "shop"})
    assert world.client.get("/api/v1/services/shop/redis").get_json()["project"] == "shop"
    assert world.client.post("/stop/shop/redis").get_json()["service"] == "shop/redis"


def test_a_broken_label_is_shown_and_crashes_nothing(world):
    world.add("redis", labels={"incidentops.probe": "$(reboot)"})
    [service] = world.client.get("/services").get_json()
    assert "incidentops.probe" in service["misconfigured"]


def test_system_has_the_seeds_shape(world):
    answer = world.client.get("/system").get_json()
    assert set(answer) == {"cpu", "ram", "disk"}
    assert set(answer["cpu"]) == {"units", "free_percent"}
    assert answer["ram"]["free"] <= answer["ram"]["total"]


def test_the_index_and_the_docs_are_found(world):
    index = world.client.get("/").get_json()
    assert index["documentation"] == "/docs"
    page = world.client.get("/docs", follow_redirects=True)
    assert page.status_code == 200
    assert "swagger" in page.get_data(as_text=True).lower()
    assert world.client.get("/openapi/openapi.json").get_json()["openapi"].startswith("3.1")


def test_readiness_names_each_dependency_and_fails_only_with_the_engine(world):
    world.see()
    world.backend.dependencies.sample()
    with world.store.away():
        world.backend.dependencies.sample()
        answer = world.client.get("/health/ready")
    states = {item["name"]: item["state"] for item in answer.get_json()["dependencies"]}
    assert states == {"engine": "up", "postgres": "down", "rabbitmq": "up", "redis": "up"}
    assert answer.status_code == 200
    world.backend.view.engine_lost()
    world.backend.dependencies.sample()
    assert world.client.get("/health/ready").status_code == 503
    assert world.client.get("/health").status_code == 200


def test_the_action_log_is_paged_and_filtered(world):
    world.add("redis")
    world.add("postgres")
    for service in ("redis", "postgres", "redis"):
        world.client.post(f"/ping/{service}")
    first = world.client.get("/api/v1/actions?limit=2").get_json()
    second = world.client.get(
        "/api/v1/actions", query_string={"limit": 2, "cursor": first["next_cursor"]}
    ).get_json()
    assert len(first["items"]) == 2
    assert len(second["items"]) == 1
    assert second["next_cursor"] is None
    only = world.client.get("/api/v1/actions?service=postgres").get_json()["items"]
    assert [row["service"] for row in only] == ["postgres"]


@pytest.mark.parametrize(
    ("method", "path", "options", "status"),
    [
        ("GET", "/stop/redis", {}, 405),
        ("DELETE", "/services", {}, 405),
        ("GET", "/nowhere", {}, 404),
        ("POST", "/api/v1/services/redis/actions", {"data": "no json"}, 422),
        ("POST", "/api/v1/services/redis/actions", {"json": {"verb": "explode"}}, 422),
        ("POST", "/api/v1/services/redis/actions", {"json": ["stop"]}, 422),
        ("POST", "/api/v1/services/redis/actions", {"json": {"verb": "stop", "force": True}}, 422),
        ("POST", "/api/v1/services/redis/actions", {"data": b"x" * 300_000}, 413),
        ("GET", "/api/v1/actions?limit=0&verb=explode", {}, 422),
        ("GET", "/api/v1/actions?cursor=garbage", {}, 422),
        ("POST", "/stop/" + "x" * 300, {}, 422),
    ],
)
def test_bad_input_gets_a_problem_document(world, method, path, options, status):
    world.add("redis")
    answer = world.client.open(path, method=method, **options)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["status"] == status
    assert problem["detail"]
    assert world.backend.view.find("redis").up


def test_every_bad_field_is_listed_at_once(world):
    problem = world.client.get("/api/v1/actions?limit=0&verb=explode").get_json()
    assert {error["field"] for error in problem["errors"]} == {"limit", "verb"}


def test_a_wrong_method_says_which_are_right(world):
    assert "POST" in world.client.get("/stop/redis").headers["Allow"]


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_page_elsewhere_cannot_write(world, headers):
    world.add("redis")
    assert world.client.post("/stop/redis", headers=headers).status_code == 403
    assert world.backend.view.find("redis").up


def test_a_rebound_name_is_not_answered(world):
    answer = world.client.get("/services", headers={"Host": "evil.example"})
    assert answer.status_code == 421


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost:8080"}, {"Origin": "http://localhost"}])
def test_curl_and_the_panel_can_write(world, headers):
    world.add("redis")
    assert world.client.post("/ping/redis", headers=headers).status_code == 200


def test_the_usual_headers_are_on_every_answer(world):
    headers = world.client.get("/services").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_metrics_tell_the_live_state_and_what_happened(world):
    redis = world.add("redis")
    world.client.post("/ping/redis")
    world.engine.die(redis.id)
    world.see()
    text = world.client.get("/metrics").get_data(as_text=True)
    assert 'incidentops_service_up{group="incidentops",service="redis"} 0.0' in text
    assert 'incidentops_actions_total{outcome="succeeded",source="api",verb="ping"} 1.0' in text
    assert "incidentops_host_memory_total_bytes" in text
    assert 'url_rule="/ping/<path:name>"' in text


def test_requests_are_counted_by_route_and_made_up_methods_as_one(world):
    world.add("redis")
    world.client.get("/api/v1/services/redis")
    world.client.get("/api/v1/services/nobody")
    world.client.open("/api/v1/services", method="BREW")
    text = world.client.get("/metrics").get_data(as_text=True)
    route = 'method="GET",status="{}",url_rule="/api/v1/services/<path:name>"'
    for status in (200, 404):
        assert f"flask_http_request_duration_seconds_count{{{route.format(status)}}} 1.0" in text
    assert 'flask_http_request_total{method="GET",status="200"} 1.0' in text
    assert 'flask_http_request_total{method="other",status="405"} 1.0' in text
    assert "BREW" not in text
