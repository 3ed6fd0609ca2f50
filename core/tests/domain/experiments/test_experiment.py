import pytest
from pydantic import ValidationError

from incidentops.testing.experiments import an_experiment

FAULT = {"type": "fault", "name": "hang", "fault": "pause", "service": "redis"}


def test_targets_are_named_once_in_the_order_of_the_method():
    twice = {"type": "parallel", "steps": [FAULT | {"service": "postgres"}, FAULT]}
    assert an_experiment(method=[FAULT, twice]).targets() == ("redis", "postgres")


def test_a_fault_has_the_lease_of_the_experiment_unless_it_says_another():
    experiment = an_experiment(method=[FAULT, FAULT | {"lease_seconds": 5}], lease_seconds=30)
    assert [experiment.lease_of(step) for step in experiment.faults()] == [30, 5]


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"method": [FAULT | {"fault": "meteor"}]}, "fault", "unknown fault 'meteor'"),
        (
            {"method": [FAULT | {"fault": "packet_loss", "parameters": {"percent": 0}}]},
            "parameters",
            "greater than 0",
        ),
        ({"method": [FAULT | {"fault": "partition"}]}, "parameters", "parameters.peer: Field required"),
        ({"method": [{"type": "pause", "seconds": 1}]}, "", "injects no fault"),
        ({"lease_seconds": 0}, "lease_seconds", "greater than or equal to 1"),
        ({"name": "Redis!"}, "name", "pattern"),
        ({"hypothesis": {"title": "x", "probes": []}}, "probes", "expected at least 1"),
        ({"surprise": 1}, "surprise", "Extra inputs"),
        (
            {"hypothesis": {"title": "x", "probes": [{"type": "http", "name": "x", "url": "ftp://x"}]}},
            "url",
            "expected http",
        ),
        (
            {"hypothesis": {"title": "x", "probes": [{"type": "http", "name": "x", "url": "http://a:b@x"}]}},
            "url",
            "password",
        ),
        (
            {"hypothesis": {"title": "x", "probes": [{"type": "http", "name": "x", "url": "http://a..b/"}]}},
            "url",
            "a host name",
        ),
        (
            {
                "hypothesis": {
                    "title": "x",
                    "probes": [{"type": "http", "name": "x", "url": "http://x:70000"}],
                }
            },
            "url",
            "Port out of range",
        ),
        (
            {"hypothesis": {"title": "x", "probes": [{"type": "http", "name": "x", "url": "http://x/ö"}]}},
            "url",
            "printable ASCII",
        ),
    ],
)
def test_a_bad_field_is_named_with_what_was_expected(changes, place, reason):
    with pytest.raises(ValidationError) as caught:
        an_experiment(**changes)
    [problem] = caught.value.errors()
    assert "".join(str(part) for part in problem["loc"][-1:]) == place
    assert reason in problem["msg"]
