"""What was done at the time of an incident, and its evidence: over HTTP and taken beside intake."""

import pytest

NEW = {"title": "Latency spike detected", "service": "redis", "severity": "high"}


def opened(world, **fields):
    return world.client.post("/api/v1/incidents", json=NEW | fields).get_json()


def resolve(world, incident):
    return world.client.patch(f"/api/v1/incidents/{incident['id']}", json={"status": "resolved"})


def read(world, incident, what, **query):
    answer = world.client.get(f"/api/v1/incidents/{incident['number']}/{what}", query_string=query)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def evidence(world, incident):
    return read(world, incident, "evidence")["items"]


@pytest.fixture
def stack(world):
    """billing stands on redis, which stands on postgres; rabbitmq stands apart."""
    for name, needs in (("postgres", ""), ("redis", "postgres"), ("billing", "redis"), ("rabbitmq", "")):
        world.add(name, labels={"incidentops.depends_on": needs} if needs else {})
    return world


def test_what_was_done_in_the_blast_radius_is_related(stack):
    for service in ("postgres", "redis", "billing", "rabbitmq"):
        stack.client.post(f"/ping/{service}")
    incident = opened(stack)
    related = read(stack, incident, "related")
    assert related["services"] == {"redis": "affected", "postgres": "upstream", "billing": "downstream"}
    assert sorted(item["service"] for item in related["items"]) == ["billing", "postgres", "redis"]
    assert {(item["kind"], item["what"], item["outcome"]) for item in related["items"]} == {
        ("action", "ping", "succeeded")
    }


def test_what_was_done_long_before_or_after_is_not_related(stack):
    stack.client.post("/ping/redis")
    stack.clock.advance(601)
    incident = opened(stack)
    resolve(stack, incident)
    stack.clock.advance(301)
    stack.client.post("/ping/redis")
    assert read(stack, incident, "related")["items"] == []


def test_related_comes_in_pages(stack):
    incident = opened(stack)
    for _ in range(3):
        stack.clock.advance(1)
        stack.client.post("/ping/redis")
    first = read(stack, incident, "related", limit=2)
    second = read(stack, incident, "related", limit=2, cursor=first["next_cursor"])
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert (len(set(ids)), second["next_cursor"]) == (3, None)
    path = f"/api/v1/incidents/{incident['id']}/related?cursor=x"
    assert stack.client.get(path).status_code == 422


def test_an_unknown_incident_has_neither_and_without_postgres_that_is_said(world):
    incident = opened(world)
    for what in ("related", "evidence"):
        assert world.client.get(f"/api/v1/incidents/7/{what}").status_code == 404
        with world.store.away():
            answer = world.client.get(f"/api/v1/incidents/{incident['number']}/{what}")
            assert (answer.status_code, answer.get_json()["missing"]) == (503, "postgres")


def test_evidence_of_the_opening_is_what_was_known_then(stack):
    redis = stack.backend.view.containers("redis")[0]
    for line in ("ready", "AUTH_TOKEN=hunter2", "x" * 900):
        stack.engine.write(redis.id, line)
    stack.client.post("/ping/redis")
    stack.engine.die(redis.id, 137)
    stack.see()
    incident = opened(stack)
    stack.backend.story.keeper.sweep()
    stack.engine.start(redis.id)
    stack.see()
    [taken] = evidence(stack, incident)
    assert taken["moment"] == "opened"
    roles = {item["name"]: (item["role"], item["status"], item["exit_code"]) for item in taken["services"]}
    assert roles["redis"] == ("affected", "DOWN", 137)
    assert roles["billing"][:2] == ("downstream", "UP")
    log = taken["services"][0]["log"]
    assert log[0] == "ready"
    assert (log[1], len(log[2])) == ("AUTH_TOKEN=•••", 500)
    assert [item["log"] for item in taken["services"][1:]] == [[], []]
    assert [item["what"] for item in taken["happenings"]] == ["ping"]


def test_evidence_of_the_resolution_is_kept_beside_it(stack):
    incident = opened(stack)
    stack.backend.story.keeper.sweep()
    stack.clock.advance(60)
    resolve(stack, incident)
    stack.backend.story.keeper.sweep()
    assert [item["moment"] for item in evidence(stack, incident)] == ["opened", "resolved"]


def test_evidence_waits_for_postgres_and_does_without_the_engine(stack):
    incident = opened(stack)
    with stack.store.away():
        stack.backend.story.keeper.sweep()
    stack.engine.go_away("switched off")
    stack.backend.story.keeper.sweep()
    [taken] = evidence(stack, incident)
    assert taken["services"][0]["log"][0].startswith("log not readable")


def test_what_a_dead_backend_left_undone_is_taken_by_the_next(stack):
    old, young = opened(stack), None
    stack.clock.advance(3600)
    young = opened(stack, title="redis again")
    successor = type(stack)(stack.clock, stack)
    successor.see()
    successor.backend.story.keeper.sweep()
    assert evidence(stack, old) == []
    assert len(evidence(stack, young)) == 1


def test_pages_hear_of_evidence_and_nothing_is_looked_at_while_nothing_opens(stack):
    incident = opened(stack)
    told, asked = [], []
    stack.backend.socket.topics.changed = lambda topic, ids: told.append((topic, list(ids)))
    stack.backend.story.keeper.sweep()
    assert told == [("incidents", [incident["id"]])]
    stack.store.evidence.lacking = lambda *_, **__: asked.append(1) or []
    stack.backend.story.keeper.sweep()
    assert asked == []
