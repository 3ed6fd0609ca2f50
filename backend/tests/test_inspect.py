"""What a service looks like from the engine's side, and which versions answer."""

from incidentops_backend import __version__


def test_every_container_is_described_by_the_engine(world):
    redis = world.add("redis")
    answer = world.client.get("/api/v1/services/redis/inspect").get_json()
    [container] = answer["containers"]
    assert (answer["service"], container["id"], container["status"]) == ("redis", redis.short_id, "running")
    assert container["details"]["Config"]["Image"] == redis.image


def test_a_name_with_its_project_is_inspected_too(world):
    world.add("redis", labels={"com.docker.compose.project": "shop"})
    assert world.client.get("/api/v1/services/shop/redis/inspect").get_json()["service"] == "shop/redis"


def test_a_container_that_went_meanwhile_has_no_details(world):
    redis = world.add("redis")
    world.engine.remove(redis.id)
    [container] = world.client.get("/api/v1/services/redis/inspect").get_json()["containers"]
    assert container["details"] is None


def test_an_unknown_service_is_a_404_and_an_absent_engine_a_503(world):
    world.add("redis")
    assert world.client.get("/api/v1/services/nowhere/inspect").status_code == 404
    world.engine.go_away()
    assert world.client.get("/api/v1/services/redis/inspect").status_code == 503


def test_about_tells_the_versions_and_keeps_them_while_the_engine_is_away(world):
    first = world.client.get("/api/v1/about").get_json()
    assert first["version"] == __version__
    assert first["engine"]["host"] == "memory"
    world.engine.go_away()
    assert world.client.get("/api/v1/about").get_json() == first


def test_about_answers_when_the_engine_was_never_there(world):
    world.engine.go_away()
    assert world.client.get("/api/v1/about").get_json()["engine"] is None
