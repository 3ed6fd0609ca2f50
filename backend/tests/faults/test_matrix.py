"""Every kind against every way in which somebody who should end it dies."""

import pytest

from backend.tests.conftest import wait_until
from backend.tests.faults.harm import HARMS
from backend.tests.faults.lab import proven_clean
from incidentops.testing.containers import docker

pytestmark = [pytest.mark.engine, pytest.mark.full]
each_harm = pytest.mark.parametrize("harm", HARMS, ids=str)


def over(redis, harm) -> None:
    wait_until(redis.connects, 30)
    assert not harm.hurts(redis)


@each_harm
def test_it_ends_with_its_lease(lab, redis, billing, harm):
    fault = lab.inject(redis, harm.kind, lease=6, **harm.parameters)
    wait_until(lambda: harm.hurts(redis), 5)
    ended = lab.ended(fault)
    proven_clean(ended)
    over(redis, harm)


@each_harm
def test_it_ends_when_its_sidecar_is_killed(lab, redis, billing, harm):
    fault = lab.inject(redis, harm.kind, **harm.parameters)
    wait_until(lambda: harm.hurts(redis))
    docker("kill", lab.sidecar(fault))
    proven_clean(lab.ended(fault))
    over(redis, harm)


@each_harm
def test_a_backend_that_is_killed_and_comes_back_within_the_lease_can_end_it(lab, redis, billing, harm):
    fault = lab.inject(redis, harm.kind, lease=120, **harm.parameters)
    wait_until(lambda: harm.hurts(redis))
    lab.kill()
    lab.start()
    proven_clean(lab.undo(fault))
    over(redis, harm)


@each_harm
def test_it_ends_when_the_backend_comes_back_after_the_lease_and_the_sidecar_was_killed_too(
    lab, redis, billing, harm
):
    fault = lab.inject(redis, harm.kind, lease=8, **harm.parameters)
    wait_until(lambda: harm.hurts(redis), 6)
    sidecar = lab.sidecar(fault)
    lab.kill()
    docker("rm", "--force", sidecar)
    lab.start()
    proven_clean(lab.ended(fault))
    over(redis, harm)
