import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.experiments.chaostoolkit import InvalidExperiment, read_experiment, write_experiment
from incidentops.domain.experiments.experiment import (
    BlastRadius,
    Experiment,
    FaultStep,
    Hypothesis,
    ParallelStep,
    PauseStep,
    ProbeStep,
    Rollback,
)
from incidentops.domain.experiments.probes import HttpProbe, PromqlProbe, ServiceProbe, SqlProbe

FOREIGN = """{
  "version": "1.0.0",
  "title": "Redis is lost, billing stays",
  "description": "from another house",
  "tags": ["cache"],
  "steady-state-hypothesis": {
    "title": "billing answers",
    "probes": [
      {"type": "probe", "name": "health", "tolerance": [200, 204],
       "provider": {"type": "http", "url": "http://billing:8000/health", "timeout": 3}},
      {"type": "probe", "name": "few errors", "tolerance": {"type": "range", "range": [0, 0.1]},
       "provider": {"type": "python", "module": "chaosprometheus.probes", "func": "query",
                    "arguments": {"query": "sum(rate(errors[1m]))"}}}
    ]
  },
  "method": [
    {"type": "action", "name": "hang redis", "background": true,
     "provider": {"type": "python", "module": "incidentops.faults", "func": "pause",
                  "arguments": {"service": "redis", "lease_seconds": 15}}},
    {"type": "action", "name": "lose packets", "pauses": {"after": 5},
     "provider": {"type": "python", "module": "incidentops.faults", "func": "packet_loss",
                  "arguments": {"service": "postgres", "percent": 30}}}
  ],
  "rollbacks": [
    {"type": "action", "name": "redis again",
     "provider": {"type": "python", "module": "incidentops.services", "func": "restart",
                  "arguments": {"service": "redis"}}}
  ]
}"""


def problems(text: str) -> dict[str, tuple[str, int | None]]:
    with pytest.raises(InvalidExperiment) as caught:
        read_experiment(text)
    return {item.field: (item.reason, item.line) for item in caught.value.problems}


def test_a_foreign_experiment_is_understood():
    experiment = read_experiment(FOREIGN)
    assert experiment.name == "redis-is-lost-billing-stays"
    assert experiment.hypothesis.probes[0] == HttpProbe(
        name="health", tolerance=[200, 204], url="http://billing:8000/health", timeout_seconds=3
    )
    group, pause = experiment.method
    assert [(step.fault, step.service, step.lease_seconds, step.parameters) for step in group.steps] == [
        ("pause", "redis", 15, {}),
        ("packet_loss", "postgres", None, {"percent": 30}),
    ]
    assert pause == PauseStep(seconds=5)
    assert experiment.rollbacks == (Rollback(name="redis again", service="redis", verb="restart"),)


def test_an_unknown_provider_is_refused_with_its_path_line_and_what_was_expected():
    text = FOREIGN.replace(
        '"module": "incidentops.faults", "func": "pause"', '"module": "chaosk8s", "func": "kill"'
    )
    reason, line = problems(text)["method[0].provider"]
    assert reason == (
        "unknown provider chaosk8s.kill: expected "
        '{"type": "python"} with module incidentops.faults and a kind of fault as func'
    )
    assert line == 18


@pytest.mark.parametrize(
    ("old", "new", "field", "reason", "line"),
    [
        ('"func": "pause"', '"func": "meteor"', "method[0].provider.func", "unknown fault 'meteor'", 18),
        ('"percent": 30', '"percent": 300', "method[1].provider.arguments", "less than or equal to 100", 22),
        ('"type": "http"', '"type": "process"', "steady-state-hypothesis.probes[0].provider", "process", 10),
        ('"timeout": 3', '"timeout": 99', "steady-state-hypothesis.probes[0].timeout_seconds", "10", 9),
        ('"range": [0, 0.1]', '"range": [1, 0]', "steady-state-hypothesis.probes[1].tolerance", "lower", 11),
        (
            '"pauses": {"after": 5}',
            '"pauses": {"after": -5}',
            "method[1].pauses.seconds",
            "greater than 0",
            20,
        ),
        ('"func": "restart"', '"func": "explode"', "rollbacks[0].provider", "start or restart", 26),
        ('"tags"', '"colour"', "colour", "not supported here", 5),
        ('"tags": ["cache"]', '"secrets": {"a": 1}', "secrets", "expected to be empty", 5),
        (
            '"background": true',
            '"background": true, "pauses": {"after": 1}',
            "method[0].pauses",
            "background",
            17,
        ),
    ],
)
def test_a_bad_place_is_named_with_its_line(old, new, field, reason, line):
    assert old in FOREIGN
    found = problems(FOREIGN.replace(old, new, 1))
    assert reason in found[field][0]
    assert found[field][1] == line


def test_a_text_that_is_not_json_is_refused_with_the_line():
    assert problems('{\n  "title": "x",\n}')[""][1] == 3
    assert "expected an object" in problems("[]")[""][0]


def test_every_bad_place_is_told_at_once():
    text = FOREIGN.replace('"percent": 30', '"percent": 0').replace('"pause"', '"meteor"')
    assert problems(text).keys() == {"method[0].provider.func", "method[1].provider.arguments"}


NAMES = st.text("abcdef ghij", min_size=1, max_size=20)
SERVICES = st.sampled_from(["redis", "postgres", "rabbitmq", "billing"])
TOLERANCES = st.one_of(
    st.booleans(),
    st.integers(0, 600),
    st.lists(st.integers(200, 299), min_size=1, max_size=3),
    st.just({"type": "range", "range": [0, 1.5]}),
    st.just({"type": "regex", "pattern": "^ok"}),
)
TIMES = st.sampled_from([0.5, 2.0, 10.0])
PROBES = st.one_of(
    st.builds(ServiceProbe, name=NAMES, service=SERVICES, timeout_seconds=TIMES),
    st.builds(
        HttpProbe, name=NAMES, url=st.just("http://billing/"), tolerance=TOLERANCES, timeout_seconds=TIMES
    ),
    st.builds(PromqlProbe, name=NAMES, query=st.just("up"), tolerance=TOLERANCES, timeout_seconds=TIMES),
    st.builds(SqlProbe, name=NAMES, query=st.just("select 1"), tolerance=TOLERANCES, timeout_seconds=TIMES),
)
FAULTS = st.builds(
    lambda name, service, kind, lease, container: FaultStep(
        name=name,
        service=service,
        fault=kind[0],
        parameters=kind[1],
        lease_seconds=lease,
        container=container,
    ),
    NAMES,
    SERVICES,
    st.sampled_from([("pause", {}), ("packet_loss", {"percent": 20.0}), ("partition", {"peer": "redis"})]),
    st.none() | st.integers(1, 3600),
    st.sampled_from([None, "redis-1", "all"]),
)
PAUSES = st.builds(PauseStep, seconds=st.sampled_from([0.5, 1.0, 30.0]))
GROUPS = st.builds(ParallelStep, steps=st.lists(FAULTS, min_size=2, max_size=4))
STEPS = st.one_of(FAULTS, PAUSES, GROUPS, st.builds(ProbeStep, probe=PROBES))
EXPERIMENTS = st.builds(
    Experiment,
    name=st.just("redis-hangs"),
    title=NAMES,
    description=NAMES,
    hypothesis=st.builds(Hypothesis, title=NAMES, probes=st.lists(PROBES, min_size=1, max_size=3)),
    method=st.builds(lambda steps, last: [*steps, last], st.lists(STEPS, max_size=5), FAULTS),
    rollbacks=st.lists(
        st.builds(Rollback, name=NAMES, service=SERVICES, verb=st.sampled_from(["start", "restart"])),
        max_size=2,
    ),
    blast_radius=st.builds(BlastRadius, max_services=st.integers(1, 5), touch_incidents=st.booleans()),
    lease_seconds=st.integers(1, 3600),
    recovery_seconds=st.integers(0, 600),
)


@given(EXPERIMENTS)
def test_what_is_exported_is_imported_as_the_same_experiment(experiment):
    text = json.dumps(write_experiment(experiment), indent=2)
    assert read_experiment(text) == experiment
