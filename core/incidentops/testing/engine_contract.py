"""What every engine must do. A test class inherits `EngineContract` and provides the fixture `world`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest

from incidentops.domain.errors import ContainerGone, EngineRefused
from incidentops.domain.labels import SERVICE, parse_definition
from incidentops.domain.probes import HEALTHCHECK, parse_probe
from incidentops.domain.services import Health
from incidentops.ports import Engine
from incidentops.testing.engine_world import Kind, Watcher, World, eventually, watching

Act = Callable[[Engine, str], object]
NOWHERE = "f" * 64
REDIS = parse_probe("redis://:6379")
VERBS: dict[str, Act] = {
    "inspect": lambda engine, container: engine.inspect(container),
    "details": lambda engine, container: engine.details(container),
    "start": lambda engine, container: engine.start(container),
    "stop": lambda engine, container: engine.stop(container),
    "restart": lambda engine, container: engine.restart(container),
    "recreate": lambda engine, container: engine.recreate(container),
    "kill": lambda engine, container: engine.kill(container),
    "pause": lambda engine, container: engine.pause(container),
    "unpause": lambda engine, container: engine.unpause(container),
    "logs": lambda engine, container: engine.logs(container).__enter__(),
}


class ListingContract:
    def test_info_names_the_engine(self, world: World) -> None:
        info = world.engine.info()
        assert info.kind == "docker"
        assert all((info.version, info.api_version, info.host))

    def test_the_list_holds_managed_containers_in_any_state_and_no_others(self, world: World) -> None:
        running, created = world.run("redis"), world.create("postgres")
        stranger = world.create("stranger", labels={"com.example": "1"})
        paused = world.run("rabbitmq")
        world.engine.pause(paused)
        status = {container.id: container.status for container in world.engine.list()}
        assert status[running] == "running"
        assert status[created] == "created"
        assert status[paused] == "paused"
        assert stranger not in status

    def test_a_running_container_is_described_in_full(self, world: World) -> None:
        before = datetime.now(UTC) - timedelta(seconds=5)
        redis = world.engine.inspect(
            world.run("redis", labels={SERVICE: "redis", "incidentops.group": "data"})
        )
        assert redis.running
        assert "redis" in redis.name
        assert redis.image
        assert redis.labels["incidentops.group"] == "data"
        assert redis.health is Health.NONE
        assert redis.started_at is not None
        assert before < redis.started_at < datetime.now(UTC) + timedelta(seconds=5)
        assert redis.exit_code is None
        assert redis.pid > 0

    def test_a_created_container_has_neither_started_nor_ended(self, world: World) -> None:
        redis = world.engine.inspect(world.create("redis"))
        assert (redis.status, redis.started_at, redis.finished_at) == ("created", None, None)
        assert redis.exit_code is None

    def test_a_crashed_container_tells_its_exit_code_and_when(self, world: World) -> None:
        container = world.run("redis")
        world.die(container, 3)
        eventually(lambda: world.engine.inspect(container).status == "exited")
        redis = world.engine.inspect(container)
        assert redis.exit_code == 3
        assert redis.finished_at is not None
        assert redis.started_at is not None
        assert redis.finished_at >= redis.started_at

    def test_broken_labels_hide_no_container(self, world: World) -> None:
        broken = {SERVICE: "no name!", "incidentops.probe": "$(reboot)", "incidentops.protected": "maybe"}
        container = world.create("broken", labels=broken)
        listed = {item.id: item for item in world.engine.list()}[container]
        assert dict(listed.labels).items() >= broken.items()
        assert len(parse_definition(listed.labels, listed.name).problems) == 3

    def test_a_removed_container_leaves_the_list(self, world: World) -> None:
        container = world.run("redis")
        world.remove(container)
        assert container not in {item.id for item in world.engine.list()}
        with pytest.raises(ContainerGone):
            world.engine.inspect(container)

    def test_details_show_the_container_without_environment_values(self, world: World) -> None:
        details = world.engine.details(world.create("redis"))
        assert details["State"]["Status"] == "created"
        assert all(entry.endswith("=•••") for entry in details["Config"]["Env"])

    @pytest.mark.parametrize("verb", VERBS)
    def test_an_unknown_container_is_gone(self, world: World, verb: str) -> None:
        with pytest.raises(ContainerGone):
            VERBS[verb](world.engine, NOWHERE)

    @pytest.mark.parametrize("verb", VERBS)
    def test_an_id_is_never_taken_for_a_path(self, world: World, verb: str) -> None:
        with pytest.raises(ContainerGone):
            VERBS[verb](world.engine, "../version?")


class VerbContract:
    def test_start_returns_once_the_container_runs(self, world: World) -> None:
        container = world.create("redis")
        world.engine.start(container)
        assert world.engine.inspect(container).running

    def test_start_leaves_a_running_container_as_it_is(self, world: World) -> None:
        container = world.run("redis")
        before = world.engine.inspect(container)
        world.engine.start(container)
        assert world.engine.inspect(container) == before

    def test_stop_lets_the_process_end_by_itself(self, world: World) -> None:
        container = world.run("redis")
        world.engine.stop(container)
        redis = world.engine.inspect(container)
        assert (redis.status, redis.exit_code) == ("exited", 0)

    def test_stop_kills_what_does_not_end_within_the_grace(self, world: World) -> None:
        container = world.run("redis", Kind.STUBBORN)
        world.engine.stop(container, grace_seconds=1)
        redis = world.engine.inspect(container)
        assert (redis.status, redis.exit_code) == ("exited", 137)

    def test_stop_ends_a_paused_container(self, world: World) -> None:
        container = world.run("redis")
        world.engine.pause(container)
        world.engine.stop(container, grace_seconds=1)
        assert world.engine.inspect(container).status == "exited"

    def test_stop_leaves_a_stopped_container_as_it_is(self, world: World) -> None:
        container = world.run("redis")
        world.engine.stop(container)
        before = world.engine.inspect(container)
        world.engine.stop(container)
        assert world.engine.inspect(container) == before

    def test_a_stopped_container_starts_again_later_than_before(self, world: World) -> None:
        container = world.run("redis")
        first = world.engine.inspect(container).started_at
        world.engine.stop(container)
        world.engine.start(container)
        second = world.engine.inspect(container)
        assert second.running
        assert first is not None
        assert second.started_at is not None
        assert second.started_at > first

    @pytest.mark.parametrize("state", ["running", "paused", "exited"])
    def test_restart_ends_in_a_newly_started_container(self, world: World, state: str) -> None:
        container = world.run("redis")
        first = world.engine.inspect(container).started_at
        prepare: dict[str, Act] = {"paused": VERBS["pause"], "exited": VERBS["stop"]}
        prepare.get(state, VERBS["inspect"])(world.engine, container)
        world.engine.restart(container, grace_seconds=1)
        again = world.engine.inspect(container)
        assert again.running
        assert first is not None
        assert again.started_at is not None
        assert again.started_at > first

    @pytest.mark.parametrize("state", ["running", "exited"])
    def test_recreate_ends_in_another_container_of_the_same_name(self, world: World, state: str) -> None:
        old = world.run("redis", labels={SERVICE: "redis", "incidentops.group": "data"})
        before = world.engine.inspect(old)
        if state == "exited":
            world.engine.stop(old)
        fresh = world.engine.inspect(world.engine.recreate(old))
        assert fresh.id != old
        assert fresh.running
        assert (fresh.name, fresh.image, fresh.labels) == (before.name, before.image, before.labels)
        with pytest.raises(ContainerGone):
            world.engine.inspect(old)

    def test_kill_ends_the_process_at_once(self, world: World) -> None:
        container = world.run("redis", Kind.STUBBORN)
        world.engine.kill(container)
        eventually(lambda: world.engine.inspect(container).status == "exited")
        assert world.engine.inspect(container).exit_code == 137

    def test_a_signal_that_ends_nothing_leaves_the_container_running(self, world: World) -> None:
        container = world.run("redis")
        world.engine.kill(container, "SIGCONT")
        assert world.engine.inspect(container).running

    def test_pause_freezes_and_unpause_lets_go_on(self, world: World) -> None:
        container = world.run("redis")
        world.engine.pause(container)
        frozen = world.engine.inspect(container)
        assert (frozen.status, frozen.running) == ("paused", False)
        world.engine.unpause(container)
        assert world.engine.inspect(container).running

    REFUSED: ClassVar[dict[str, tuple[list[str], str]]] = {
        "kill of a stopped one": (["stop"], "kill"),
        "pause of a stopped one": (["stop"], "pause"),
        "pause of a paused one": (["pause"], "pause"),
        "unpause of a running one": ([], "unpause"),
        "start of a paused one": (["pause"], "start"),
    }

    @pytest.mark.parametrize("case", REFUSED)
    def test_what_makes_no_sense_is_refused_in_the_engines_words(self, world: World, case: str) -> None:
        before, verb = self.REFUSED[case]
        container = world.run("redis")
        for step in before:
            VERBS[step](world.engine, container)
        with pytest.raises(EngineRefused, match=r"\w+ \w+"):
            VERBS[verb](world.engine, container)


class EventContract:
    def test_a_crash_is_told_with_exit_code_and_labels(self, world: World) -> None:
        container = world.run("redis", labels={SERVICE: "redis", "incidentops.group": "data"})
        with watching(world.engine) as watcher:
            world.die(container, 3)
            event = watcher.until(container, "die")[-1]
        assert event.exit_code == 3
        assert event.labels == world.engine.inspect(container).labels
        assert abs(event.at - datetime.now(UTC)) < timedelta(seconds=10)

    def test_stop_and_start_come_in_order(self, world: World) -> None:
        container = world.run("redis")
        with watching(world.engine) as watcher:
            world.engine.stop(container)
            stopped = watcher.until(container, "die")
            world.engine.start(container)
            started = watcher.until(container, "start")
        assert stopped[0].action == "kill"
        assert "start" not in {event.action for event in stopped}
        assert started[-1].at > stopped[-1].at

    def test_restart_dies_before_it_starts(self, world: World) -> None:
        container = world.run("redis")
        with watching(world.engine) as watcher:
            world.engine.restart(container)
            actions = [event.action for event in watcher.until(container, "restart")]
        assert actions.index("kill") < actions.index("die") < actions.index("start")

    def test_pause_unpause_and_the_end_are_told(self, world: World) -> None:
        with watching(world.engine) as watcher:
            container = world.create("redis")
            world.engine.start(container)
            world.engine.pause(container)
            world.engine.unpause(container)
            world.remove(container)
            actions = [event.action for event in watcher.until(container, "destroy")]
        assert actions[:4] == ["create", "start", "pause", "unpause"]

    def test_a_verdict_of_the_health_check_is_told(self, world: World) -> None:
        container = world.run("redis", Kind.CHECKED)
        assert world.engine.inspect(container).health is Health.HEALTHY
        with watching(world.engine) as watcher:
            world.sicken(container)
            assert watcher.until(container, "health_status: unhealthy")
        assert world.engine.inspect(container).health is Health.UNHEALTHY

    def test_containers_of_others_are_not_told(self, world: World) -> None:
        with watching(world.engine) as watcher:
            stranger = world.run("stranger", labels={"com.example": "1"})
            managed = world.run("redis")
            first = watcher.next(stranger, managed)
        assert first.container_id == managed

    def test_the_stream_begins_now(self, world: World) -> None:
        container = world.run("redis")
        with watching(world.engine) as watcher:
            world.engine.pause(container)
            assert watcher.next(container).action == "pause"

    def test_every_stream_gets_every_event(self, world: World) -> None:
        container = world.run("redis")
        with watching(world.engine) as alice, watching(world.engine) as other:
            world.engine.pause(container)
            assert alice.next(container) == other.next(container)

    def test_more_events_than_the_engine_remembers_are_not_lost(self, world: World) -> None:
        container = world.run("redis")
        with world.engine.events() as events:
            for _ in range(300):
                world.engine.kill(container, "SIGCONT")
            watcher = Watcher(events)
            assert [watcher.next(container).action for _ in range(300)] == ["kill"] * 300

    def test_leaving_the_context_ends_a_waiting_reader_promptly(self, world: World) -> None:
        with world.engine.events() as events:
            watcher = Watcher(events)
            left = time.monotonic()
        assert watcher.ended(2.0)
        assert time.monotonic() - left < 2.0
        assert watcher.outage is None


class LogContract:
    def test_the_tail_holds_the_last_lines_in_order(self, world: World) -> None:
        container = world.run("redis")
        for number in range(5):
            world.say(container, f"line {number}")
        eventually(lambda: "line 4" in self._texts(world, container))
        assert self._texts(world, container, tail=3) == ["line 2", "line 3", "line 4"]
        assert self._texts(world, container, tail=0) == []

    def test_a_line_knows_its_stream_and_its_time(self, world: World) -> None:
        container = world.run("redis")
        world.say(container, "it broke", "stderr")
        eventually(lambda: "it broke" in self._texts(world, container))
        with world.engine.logs(container) as lines:
            line = list(lines)[-1]
        assert line.stream == "stderr"
        assert abs(line.at - datetime.now(UTC)) < timedelta(seconds=10)

    def test_following_gives_new_lines_until_the_container_ends(self, world: World) -> None:
        container = world.run("redis")
        world.say(container, "before")
        eventually(lambda: "before" in self._texts(world, container))
        with world.engine.logs(container, tail=1, follow=True) as lines:
            assert next(lines).text == "before"
            world.say(container, "after")
            assert next(lines).text == "after"
            world.engine.kill(container)
            assert list(lines) == []

    def test_leaving_the_context_ends_a_waiting_follower_promptly(self, world: World) -> None:
        container = world.run("redis")
        with world.engine.logs(container, follow=True) as lines:
            reader = Watcher(lines)  # type: ignore[arg-type]  # it only iterates
        assert reader.ended(2.0)

    def test_the_log_outlives_the_process(self, world: World) -> None:
        container = world.run("redis")
        world.say(container, "last words")
        eventually(lambda: "last words" in self._texts(world, container))
        world.engine.kill(container)
        with world.engine.logs(container, follow=True) as lines:
            assert [line.text for line in lines][-1] == "last words"

    def test_a_terminals_lines_have_no_carriage_returns(self, world: World) -> None:
        container = world.run("redis", Kind.TERMINAL)
        world.say(container, "on a terminal")
        eventually(lambda: "on a terminal" in self._texts(world, container))

    @staticmethod
    def _texts(world: World, container: str, tail: int = 200) -> list[str]:
        with world.engine.logs(container, tail=tail) as lines:
            return [line.text for line in lines]


class UsageContract:
    def test_running_containers_are_sampled_and_others_left_out(self, world: World) -> None:
        running, created = world.run("redis"), world.create("postgres")
        containers = [world.engine.inspect(item) for item in (running, created)]
        usage = world.engine.usage(containers)
        assert set(usage) == {running}
        assert usage[running].memory_bytes >= 0
        assert usage[running].memory_limit == 0

    def test_counters_never_go_back(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis"))
        first, second = (world.engine.usage([redis])[redis.id] for _ in range(2))
        assert second.at >= first.at
        assert second.cpu_seconds >= first.cpu_seconds
        assert second.net_rx_bytes >= first.net_rx_bytes

    def test_a_container_that_vanished_is_left_out(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis"))
        world.remove(redis.id)
        assert world.engine.usage([redis]) == {}


class ProbeContract:
    def test_a_service_that_answers_is_alive(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis", Kind.REDIS))
        result = world.engine.probe(redis, REDIS)
        assert result.alive, result.detail
        assert result.duration_ms >= 0

    def test_a_service_that_accepts_and_stays_silent_is_not(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis", Kind.SILENT))
        result = world.engine.probe(redis, REDIS, timeout_seconds=0.5)
        assert not result.alive
        assert "0.5 s" in result.detail

    def test_nobody_listening_is_not_alive(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis"))
        result = world.engine.probe(redis, parse_probe("tcp://:6379"))
        assert not result.alive
        assert "refused" in result.detail

    @pytest.mark.parametrize("verb", ["stop", "pause", "kill"])
    def test_a_container_that_does_not_run_is_not_alive(self, world: World, verb: str) -> None:
        container = world.run("redis", Kind.REDIS)
        VERBS[verb](world.engine, container)
        eventually(lambda: not world.engine.inspect(container).running)
        result = world.engine.probe(world.engine.inspect(container), REDIS)
        assert not result.alive
        assert world.engine.inspect(container).status in result.detail

    def test_a_container_that_vanished_is_not_alive(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis", Kind.REDIS))
        world.remove(redis.id)
        assert not world.engine.probe(redis, REDIS).alive

    def test_the_containers_own_health_check_is_asked(self, world: World) -> None:
        container = world.run("redis", Kind.CHECKED)
        redis = world.engine.inspect(container)
        assert world.engine.probe(redis, HEALTHCHECK).alive
        world.sicken(container)
        eventually(lambda: not world.engine.probe(redis, HEALTHCHECK).alive)

    def test_a_container_without_health_check_is_not_alive_by_it(self, world: World) -> None:
        redis = world.engine.inspect(world.run("redis"))
        assert not world.engine.probe(redis, HEALTHCHECK).alive


class EngineContract(ListingContract, VerbContract, EventContract, LogContract, UsageContract, ProbeContract):
    """The whole contract."""
