"""Labels are parsed without ever failing; what is wrong is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.labels import parse_definition
from incidentops.domain.probes import ProbeSpec, Protocol, parse_probe
from incidentops.domain.services import RecoveryMode


def test_a_well_labelled_container_is_a_definition_without_problems():
    definition = parse_definition(
        {
            "incidentops.service": "redis",
            "incidentops.group": "data",
            "incidentops.recovery": "auto",
            "incidentops.protected": "true",
            "incidentops.probe": "redis://:6379",
            "com.docker.compose.project": "shop",
            "com.docker.compose.depends_on": "postgres:service_healthy:false,rabbitmq:service_started:true",
        },
        "shop-redis-1",
    )
    assert definition.problems == ()
    assert (definition.name, definition.project, definition.group) == ("redis", "shop", "data")
    assert definition.recovery is RecoveryMode.AUTO
    assert definition.protected
    assert definition.probe == ProbeSpec(Protocol.REDIS, 6379)
    assert definition.depends_on == ("postgres", "rabbitmq")


def test_our_own_dependency_label_wins_over_composes():
    labels = {
        "incidentops.service": "billing",
        "incidentops.depends_on": "redis, postgres",
        "com.docker.compose.depends_on": "rabbitmq:service_started:true",
    }
    assert parse_definition(labels, "x").depends_on == ("redis", "postgres")


@pytest.mark.parametrize(
    ("label", "value", "said"),
    [
        ("incidentops.service", "not a name!", "is not a name"),
        ("incidentops.protected", "maybe", "must be true or false"),
        ("incidentops.recovery", "always", "must be manual or auto"),
        ("incidentops.probe", "gopher://:70", "unknown protocol 'gopher'"),
        ("incidentops.probe", "tcp://", "is not a port"),
        ("incidentops.probe", "http://evil.example:80/", "names no host"),
        ("incidentops.probe", "tcp://:99999", "is not a port"),
        ("incidentops.probe", "$(reboot)", "unknown protocol"),
    ],
)
def test_each_broken_label_is_named_with_what_to_write_instead(label, value, said):
    definition = parse_definition({"incidentops.service": "redis", label: value}, "redis-1")
    assert len(definition.problems) == 1
    assert label in definition.problems[0]
    assert said in definition.problems[0]


def test_a_broken_protected_label_errs_on_the_safe_side():
    definition = parse_definition({"incidentops.service": "redis", "incidentops.protected": "ja"}, "x")
    assert definition.protected


WORDS = ["service", "probe", "protected", "recovery", "depends_on", "group"]


@given(st.dictionaries(st.sampled_from([f"incidentops.{word}" for word in WORDS]), st.text()))
def test_no_label_text_whatsoever_raises(labels):
    definition = parse_definition(labels, "fallback-name")
    assert definition.name


@pytest.mark.parametrize(
    "text",
    ["tcp://:5432", "http://:8000/health", "http://:80/a?b=c", "redis://:6379", "amqp://:5672", "health:"],
)
def test_a_probe_reads_back_as_it_was_written(text):
    assert str(parse_probe(text)) == text


def test_protocols_with_a_home_port_need_no_port():
    assert parse_probe("postgres://").port == 5432
