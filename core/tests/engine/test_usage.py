"""Where usage comes from: both cgroup layouts, the engine's stats, and spread network counters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.cgroups import CgroupFiles, CgroupSample
from incidentops.adapters.docker.network import REFRESH_SECONDS, Bytes, SpreadCounters, from_proc
from incidentops.domain.containers import Container
from incidentops.testing.engine_docker_world import DockerWorld

from .conftest import ENGINE_URL

REDIS = "5e" * 32
SAMPLE = CgroupSample(
    cpu_seconds=2.5, memory_bytes=900, memory_limit=4096, block_read_bytes=30, block_write_bytes=12
)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize("folder", [f"docker/{REDIS}", f"system.slice/docker-{REDIS}.scope"])
def test_version_2_is_read_under_both_drivers(tmp_path: Path, folder: str):
    write(
        tmp_path,
        {
            "cgroup.controllers": "cpu io memory\n",
            f"{folder}/cpu.stat": "usage_usec 2500000\nuser_usec 1\n",
            f"{folder}/memory.current": "1000\n",
            f"{folder}/memory.stat": "anon 800\ninactive_file 100\n",
            f"{folder}/memory.max": "4096\n",
            f"{folder}/io.stat": "8:0 rbytes=10 wbytes=5 rios=1\n8:16 rbytes=20 wbytes=7 rios=1\n9:0 \n",
        },
    )
    assert CgroupFiles(tmp_path).sample(REDIS) == SAMPLE


@pytest.mark.parametrize("cpu", ["cpuacct", "cpu,cpuacct"])
def test_version_1_is_read(tmp_path: Path, cpu: str):
    write(
        tmp_path,
        {
            f"{cpu}/docker/{REDIS}/cpuacct.usage": "2500000000\n",
            f"memory/docker/{REDIS}/memory.usage_in_bytes": "1000\n",
            f"memory/docker/{REDIS}/memory.stat": "cache 1\ntotal_inactive_file 100\n",
            f"memory/docker/{REDIS}/memory.limit_in_bytes": "4096\n",
            f"blkio/docker/{REDIS}/blkio.throttle.io_service_bytes": (
                "8:0 Read 10\n8:0 Write 12\n8:0 Total 22\n8:16 Read 20\nTotal 42\n"
            ),
        },
    )
    assert CgroupFiles(tmp_path).sample(REDIS) == SAMPLE


def test_no_limit_is_zero_in_version_2_also_without_an_io_controller(tmp_path: Path):
    write(
        tmp_path,
        {
            "cgroup.controllers": "cpu memory\n",
            f"docker/{REDIS}/cpu.stat": "usage_usec 0\n",
            f"docker/{REDIS}/memory.current": "10\n",
            f"docker/{REDIS}/memory.stat": "inactive_file 100\n",
            f"docker/{REDIS}/memory.max": "max\n",
        },
    )
    assert CgroupFiles(tmp_path).sample(REDIS) == CgroupSample(0.0, 0, 0, 0, 0)


def test_a_tree_that_shows_nothing_of_the_container_gives_no_sample(tmp_path: Path):
    assert CgroupFiles(tmp_path).sample(REDIS) is None
    assert CgroupFiles(tmp_path / "nowhere").sample(REDIS) is None


def test_network_counters_are_read_from_a_process_that_is_the_containers(tmp_path: Path):
    redis = Container(REDIS, "redis", "redis:8", "running", pid=42)
    rows = ["    lo: 9 1 0 0 0 0 0 0 9 1 0", "  eth0: 100 1 0 0 0 0 0 0 7 1 0", " eth1:10 1 0 0 0 0 0 0 3"]
    device = "\n".join(["Inter-|   Receive", " face |bytes", *rows])
    write(tmp_path, {"42/cgroup": f"0::/docker/{REDIS}\n", "42/net/dev": device})
    assert from_proc(tmp_path, redis) == Bytes(received=110, sent=10)
    write(tmp_path, {"42/cgroup": "0::/\n"})
    assert from_proc(tmp_path, redis) is None
    assert from_proc(tmp_path / "nowhere", redis) is None


def test_spread_counters_ask_seldom_and_grow_evenly():
    truth = iter([Bytes(0, 0), Bytes(1000, 500), Bytes(1000, 500)])
    asked: list[str] = []

    def read(container_id: str) -> Bytes:
        asked.append(container_id)
        return next(truth)

    counters = SpreadCounters(read)
    shown = [counters.at(REDIS, second) for second in range(int(REFRESH_SECONDS) * 2 + 1)]
    assert [value.received for value in shown] == [0, 0, 0, 0, 0, 0, 200, 400, 600, 800, 1000]
    assert shown[-1].sent == 500
    assert len(asked) == 3


def test_spread_counters_begin_again_with_a_restarted_container():
    truth = iter([Bytes(1000, 500), Bytes(10, 5)])
    counters = SpreadCounters(lambda _: next(truth))
    assert counters.at(REDIS, 0.0) == Bytes(1000, 500)
    assert counters.at(REDIS, REFRESH_SECONDS) == Bytes(10, 5)


@pytest.fixture
def world(engine_image: str) -> Iterator[DockerWorld]:
    world = DockerWorld(ENGINE_URL, engine_image)
    yield world
    world.close()


@pytest.mark.engine
def test_the_engines_stats_say_the_same_as_the_cgroup_files(world: DockerWorld, tmp_path: Path):
    redis = world.engine.inspect(world.run("redis"))
    elsewhere = DockerEngine(ENGINE_URL, cgroup_root=tmp_path)
    by_files, by_stats = world.engine.usage([redis])[redis.id], elsewhere.usage([redis])[redis.id]
    elsewhere.close()
    assert by_stats.cpu_seconds == pytest.approx(by_files.cpu_seconds, abs=0.5)
    assert by_stats.memory_bytes == pytest.approx(by_files.memory_bytes, abs=2 << 20)
    assert by_stats.memory_limit == by_files.memory_limit == 0
    assert by_stats.net_rx_bytes >= by_files.net_rx_bytes


@pytest.mark.engine
def test_the_engines_stats_leave_out_what_has_ended(world: DockerWorld, tmp_path: Path):
    redis = world.engine.inspect(world.run("redis"))
    world.engine.kill(redis.id)
    elsewhere = DockerEngine(ENGINE_URL, cgroup_root=tmp_path)
    assert elsewhere.usage([redis]) == {}
    elsewhere.close()
