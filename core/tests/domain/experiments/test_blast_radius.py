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
