"""The declarations of faults: parameters, plans, conflicts."""

import pytest

from incidentops.domain.faults import KINDS, BadParameters
from incidentops.domain.faults.work import CannotBeDone, Surroundings

AROUND = Surroundings(lease_seconds=30, peers={"postgres": ("172.20.0.3",)}, kernel=frozenset({"nfqueue"}))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_a_kind_previews_itself_with_the_name_of_its_target(kind):
    parameters = kind.read({"peer": "postgres"} if kind.name == "partition" else {})
    assert "redis" in kind.preview(parameters, "redis")


def test_every_bad_parameter_is_named():
    with pytest.raises(BadParameters) as caught:
        KINDS["latency"].read({"milliseconds": 0, "jitter_ms": -1, "color": "red"})
    assert set(caught.value.errors) == {"parameters.milliseconds", "parameters.jitter_ms", "parameters.color"}


def test_latency_takes_what_the_kernel_offers_and_is_refused_where_it_offers_nothing():
    kind = KINDS["latency"]
    parameters = kind.read({"milliseconds": 100, "jitter_ms": 20})
    by_kernel = {
        names: kind.work.plan(parameters, Surroundings(30, {}, kernel=frozenset(names)))
        for names in [("netem", "nfqueue"), ("nfqueue", "redirect"), ("redirect",)]
    }
    assert by_kernel["netem", "nfqueue"].queue == ("netem", "delay", "100ms", "20ms")
    assert by_kernel["nfqueue", "redirect"].delay_ms == (100, 20)
    assert by_kernel["redirect",].proxy_ms == (100, 20)
    with pytest.raises(CannotBeDone, match="netem"):
        kind.work.plan(parameters, Surroundings(30, {}))


def test_a_partition_needs_a_peer_that_can_be_reached():
    kind = KINDS["partition"]
    plan = kind.work.plan(kind.read({"peer": "postgres"}), AROUND)
    assert plan.arriving == ("ip saddr { 172.20.0.3 } counter drop",)
    with pytest.raises(CannotBeDone, match="billing"):
        kind.work.plan(kind.read({"peer": "billing"}), AROUND)


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ("latency", "bandwidth", True),
        ("pause", "network_disconnect", True),
        ("kill", "packet_loss", False),
        ("kill", "cpu_cap", True),
        ("packet_loss", "packet_loss", True),
        ("packet_loss", "latency", False),
        ("grey_hang", "pause", True),
        ("memory_pressure", "cpu_pressure", False),
    ],
)
def test_what_claims_the_same_conflicts_in_both_directions(one, other, conflict):
    assert KINDS[one].conflicts_with(KINDS[other]) is conflict
    assert KINDS[other].conflicts_with(KINDS[one]) is conflict
