"""Outage policies at work: what our own probes see becomes an alert as they say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backend.tests.conftest import World
from incidentops.domain.outages import DEFAULT, OutagePolicy
from incidentops.domain.policies import Ailment, Match
from incidentops.domain.severity import Severity
from incidentops.ports import PolicyProblem, PolicyReading
from incidentops.ports.incidents import AlertFilter

EVERYTHING = frozenset(Ailment)
IGNORED = replace(DEFAULT, name="ignored", severity=None)


def apply(world: World, *policies: OutagePolicy) -> None:
    world.outages.reading = PolicyReading(policies)
    world.backend.incidents.outages.refresh()


def probe(world: World, seconds: float = 0.0) -> None:
    world.clock.advance(seconds)
    world.see()
    world.backend.incidents.own_probes.sample()


def alerts(world: World) -> dict[str, str]:
    """Severity by service, of those that fire."""
    page = world.store.incidents.alerts(AlertFilter())
    return {item.service: item.severity for item in page.items if item.firing}


def test_the_first_policy_that_matches_service_group_and_state_says_how_bad_it_is(world):
    apply(
        world,
        OutagePolicy("state", Match(frozenset({Ailment.HUNG})), Severity.LOW),
        OutagePolicy("group", Match(EVERYTHING, groups=frozenset({"data"})), Severity.CRITICAL),
        OutagePolicy("service", Match(EVERYTHING, services=frozenset({"redis"})), Severity.MEDIUM),
    )
    for name, group in (("postgres", "data"), ("redis", "cache"), ("billing", "app")):
        world.engine.die(world.add(name, labels={"incidentops.group": group}).id)
    probe(world)
    probe(world, 2)
    assert alerts(world) == {"postgres": "critical", "redis": "medium", "billing": "high"}


def test_a_service_must_be_down_for_as_long_as_its_policy_holds_it(world):
    apply(world, replace(DEFAULT, name="patient", hold=timedelta(minutes=5)))
    redis = world.add("redis")
    world.engine.die(redis.id)
    probe(world)
    probe(world, 299)
    assert alerts(world) == {}
    world.engine.start(redis.id)
    probe(world)
    world.engine.die(redis.id)
    probe(world, 2)
    probe(world, 298)
    assert alerts(world) == {}
    probe(world, 2)
    assert alerts(world) == {"redis": "high"}


def test_annotations_go_with_the_alert(world):
    apply(world, replace(DEFAULT, name="known", annotations={"runbook": "https://example.org/redis"}))
    world.engine.die(world.add("redis").id)
    probe(world)
    probe(world, 2)
    [alert] = world.client.get("/api/v1/alerts").get_json()["items"]
    assert alert["annotations"] == {"runbook": "https://example.org/redis", "state": "exited"}


@pytest.mark.parametrize(("label", "expected"), [("low", {"redis": "low"}), ("off", {})])
def test_the_label_of_a_service_stands_above_every_policy(world, label, expected):
    loud = replace(DEFAULT, name="loud", severity=Severity.CRITICAL)
    apply(world, IGNORED if expected else loud)
    world.engine.die(world.add("redis", labels={"incidentops.alert": label}).id)
    probe(world)
    probe(world, 2)
    assert alerts(world) == expected


def test_a_policy_that_changes_is_heard_by_outages_that_last(world):
    world.engine.die(world.add("redis").id)
    probe(world)
    probe(world, 2)
    assert alerts(world) == {"redis": "high"}
    apply(world, replace(DEFAULT, name="worse", severity=Severity.CRITICAL))
    probe(world)
    assert alerts(world) == {"redis": "critical"}
    apply(world, IGNORED)
    probe(world)
    assert alerts(world) == {}
    apply(world)
    probe(world)
    probe(world, 2)
    assert alerts(world) == {"redis": "high"}


def test_policies_and_files_that_are_not_valid_are_shown_and_pages_are_told(world):
    told = []
    world.backend.socket.topics.changed = lambda topic, ids: told.append(topic)
    problem = PolicyProblem("10-stack.yml", 7, "expected a list", "its last valid version")
    world.outages.reading = PolicyReading((IGNORED,), (problem,))
    world.backend.incidents.outages.refresh()
    answer = world.client.get("/api/v1/outage-policies").get_json()
    assert [(item["name"], item["severity"]) for item in answer["policies"]] == [
        ("ignored", None),
        ("default", "high"),
    ]
    assert answer["policies"][1]["for_seconds"] == 2.0
    assert (answer["problems"][0]["file"], answer["problems"][0]["line"]) == ("10-stack.yml", 7)
    assert told == ["policies"]
