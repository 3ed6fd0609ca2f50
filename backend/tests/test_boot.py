"""What the backend does when it comes, or the engine comes back: wishes, orphans, exposure."""

import pytest

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.containers import Container
from incidentops.domain.services import Verb, Wish
from incidentops.messages.ids import uuid7
from incidentops.ports import ActionFilter, StoredWish
from incidentops_backend.use_cases.exposure import Exposed, check_exposure
from incidentops_backend.use_cases.orphans import close_orphans
from incidentops_backend.use_cases.restore import Restore

from .conftest import wait_until


def restore(world) -> list[str]:
    return Restore(world.backend.view, world.backend.act, "incidentops").restore()


def test_our_own_services_come_back_in_dependency_order(world):
    world.add("billing", status="created", labels={"incidentops.depends_on": "redis,postgres"})
    world.add("redis", status="created", labels={"incidentops.depends_on": "postgres"})
    world.add("postgres", status="created")
    assert restore(world) == ["postgres", "redis", "billing"]
    rows = world.store.actions(ActionFilter()).items
    assert {(row.verb, row.source) for row in rows} == {(Verb.START, Source.BOOT)}


def test_what_the_operator_stopped_stays_stopped(world):
    world.add("redis", status="created")
    world.backend.view.set_wishes({"redis": Wish.STOPPED})
    assert restore(world) == []


def test_what_runs_against_the_wish_is_stopped(world):
    world.add("redis")
    world.backend.view.set_wishes({"redis": Wish.STOPPED})
    assert restore(world) == ["redis"]
    assert not world.backend.view.find("redis").up


def test_a_service_of_another_project_is_left_alone_unless_somebody_wanted_it(world):
    world.add("redis", status="created", labels={"com.docker.compose.project": "shop"})
    assert restore(world) == []
    world.backend.view.set_wishes({"shop/redis": Wish.RUNNING})
    assert restore(world) == ["shop/redis"]


def test_a_service_that_refuses_does_not_hold_up_the_others(world):
    world.add("redis", status="created")
    world.engine.refuse("start", "no such image")
    world.add("postgres", status="created")
    assert restore(world) == []
    world.engine.refuse("start", None)
    assert restore(world) == ["postgres", "redis"]


def test_orphaned_intents_are_closed_as_interrupted_but_not_those_of_this_process(world):
    def intent() -> Action:
        return Action(
            uuid7(), "redis", Verb.STOP, "alice", Source.API, Outcome.RUNNING, "", world.clock.now()
        )

    orphan, mine = intent(), intent()
    world.records.save_action(orphan)
    world.records.save_action(mine)
    close_orphans(world.store, world.backend.log, frozenset({str(mine.id)}))
    assert world.store.action(orphan.id).outcome is Outcome.INTERRUPTED
    assert world.store.action(mine.id).outcome is Outcome.RUNNING


def door(service: str, address: str, project: str = "incidentops") -> Container:
    labels = {"incidentops.service": service, "com.docker.compose.project": project}
    return Container(
        id=service, name=service, image="x", status="running", labels=labels, published=(address,)
    )


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "10.0.0.7", "192.168.1.2", ""])  # what is refused
@pytest.mark.parametrize("service", ["backend", "frontend"])
def test_a_door_published_beyond_loopback_is_refused_with_the_way_out(service, address):
    with pytest.raises(Exposed, match=r"127\.0\.0\.1"):
        check_exposure([door(service, address)], "incidentops")


def test_doors_on_loopback_and_foreign_containers_are_fine():
    check_exposure([door("backend", "127.0.0.1"), door("frontend", "::1")], "incidentops")
    check_exposure([door("backend", "0.0.0.0", project="shop")], "incidentops")  # not ours


def test_wishes_that_only_postgres_remembers_are_taken_over(world):
    world.add("redis")
    world.store.write([StoredWish("redis", Wish.STOPPED, "alice", world.clock.now())])
    world.backend.start()
    try:
        wait_until(lambda: world.backend.view.find("redis").wish is Wish.STOPPED)
    finally:
        world.backend.stop()
    assert world.records.wishes()["redis"].wish is Wish.STOPPED
