"""The order in which services come up."""

from hypothesis import given
from hypothesis import strategies as st

from incidentops.domain.dependencies import dependents, start_order

NAMES = ["backend", "billing", "frontend", "postgres", "rabbitmq", "redis"]


def test_what_others_stand_on_comes_first_and_names_decide_between_equals():
    order = start_order({"billing": ["redis", "postgres"], "redis": [], "postgres": [], "api": ["billing"]})
    assert order.names == ("postgres", "redis", "billing", "api")
    assert order.cycles == ()


def test_a_lower_rank_goes_before_the_name():
    order = start_order({"postgres": [], "redis": []}, rank={"redis": 1.0, "postgres": 2.0})
    assert order.names == ("redis", "postgres")


def test_a_loop_is_reported_and_falls_back_to_names():
    order = start_order({"redis": ["postgres"], "postgres": ["redis"], "billing": []})
    assert order.names == ("billing", "postgres", "redis")
    assert order.cycles == ("postgres", "redis")


def test_dependents_are_found_through_others():
    graph = {"billing": ["redis"], "frontend": ["billing"], "redis": [], "postgres": []}
    assert dependents("redis", graph) == ("billing", "frontend")


graphs = st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), max_size=4))


@given(graphs)
def test_every_name_comes_exactly_once_and_after_what_it_depends_on(graph):
    order = start_order(graph)
    assert sorted(order.names) == sorted(graph)
    place = {name: index for index, name in enumerate(order.names)}
    for name in set(graph) - set(order.cycles):
        assert all(place[need] < place[name] for need in graph[name] if need in graph and need != name)


@given(graphs, st.randoms())
def test_the_order_does_not_depend_on_the_order_of_asking(graph, random):
    shuffled = list(graph.items())
    random.shuffle(shuffled)
    assert start_order(dict(shuffled)) == start_order(graph)
