import pytest

from incidentops.domain.experiments.blast_radius import incident_objections, objections
from incidentops.domain.services import ServiceState
from incidentops.testing.experiments import a_service, an_experiment

DATA = [a_service("redis"), a_service("postgres"), a_service("rabbitmq")]


def hang(*services):
    return [{"type": "fault", "name": f"hang {name}", "fault": "pause", "service": name} for name in services]


def test_one_of_three_may_be_broken():
    assert objections(an_experiment(), DATA) == []


@pytest.mark.parametrize(
    ("services", "sentence"),
    [
        ([a_service("postgres")], "there is no service redis, only postgres"),
        ([a_service("redis", protected=True)], "redis is protected"),
        ([a_service("redis", ServiceState.EXITED)], r"redis is DOWN already \(exited\)"),
    ],
)
def test_a_target_that_must_not_be_touched_is_named(services, sentence):
    [objection] = objections(an_experiment(), services)
    assert sentence.replace("\\", "") == objection


def test_the_runner_cannot_be_its_own_target():
    services = [*DATA, a_service("chaos")]
    assert "chaos carries the experiment out itself" in objections(
        an_experiment(method=hang("chaos")), services
    )


def test_a_service_in_an_incident_is_left_alone_unless_told():
    experiment = an_experiment()
    [objection] = incident_objections(experiment, {"redis": 7, "postgres": 8})
    assert "redis is in incident 7" in objection
    assert incident_objections(experiment, {"postgres": 8}) == []
    assert incident_objections(experiment.touching_incidents(), {"redis": 7}) == []


def test_what_nobody_can_say_counts_against_it_unless_told():
    experiment = an_experiment()
    [objection] = incident_objections(experiment, None)
    assert "nobody can say now whether redis is in an unresolved incident" in objection
    assert incident_objections(experiment.touching_incidents(), None) == []


def test_more_services_and_more_of_a_group_than_allowed_are_both_told():
    experiment = an_experiment(method=hang("redis", "postgres"))
    assert objections(experiment, DATA) == [
        "it touches 2 services (redis, postgres), max_services is 1",
        "it touches 2 of the 3 services of group data (67%), max_share_of_group is 50%",
    ]


def test_a_wider_radius_allows_it():
    wide = {"max_services": 2, "max_share_of_group": 0.7}
    assert objections(an_experiment(method=hang("redis", "postgres"), blast_radius=wide), DATA) == []


def loss(name, **more):
    return {"type": "fault", "name": name, "fault": "latency", "service": "redis", **more}


SLOWER = {"type": "fault", "name": "throttle", "fault": "bandwidth", "service": "redis"}


@pytest.mark.parametrize(
    ("method", "conflict"),
    [
        ([loss("delay"), SLOWER], True),
        ([{"type": "parallel", "steps": [loss("delay"), SLOWER]}], True),
        ([loss("delay"), {"type": "pause", "seconds": 5}, loss("delay again")], True),
        ([loss("delay", lease_seconds=5), {"type": "pause", "seconds": 5}, SLOWER], False),
        ([loss("delay"), SLOWER | {"service": "postgres"}], False),
        ([loss("delay"), *hang("redis")], False),
        ([loss("delay", container="redis-1"), SLOWER | {"container": "redis-2"}], False),
        ([loss("delay", container="redis-1"), SLOWER | {"container": "redis-1"}], True),
        ([loss("delay", container="redis-1"), SLOWER], True),
        ([loss("delay", container="all"), SLOWER | {"container": "redis-2"}], True),
    ],
)
def test_faults_that_cannot_be_on_one_target_at_a_time_are_told_before_anything_is_touched(method, conflict):
    wide = {"max_services": 2, "max_share_of_group": 1}
    found = objections(an_experiment(method=method, blast_radius=wide), DATA)
    assert bool(found) is conflict
    assert not conflict or found[0].startswith("delay and ")


def test_a_rollback_is_looked_at_as_well():
    def rolled_back(name):
        rollback = {"name": "again", "service": name, "verb": "restart"}
        return objections(an_experiment(rollbacks=[rollback]), [*DATA, a_service("chaos")])

    assert rolled_back("postgres") == []
    assert rolled_back("chaos") == ["chaos carries the experiment out itself"]
    assert "there is no service nothing" in rolled_back("nothing")[0]
