"""Every kind once, on a real container: it bites, it ends, and nothing of it is left."""

import json

import pytest

from backend.tests.conftest import wait_until
from backend.tests.faults.harm import HARMS

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("harm", HARMS, ids=str)
def test_a_fault_bites_and_its_undo_leaves_nothing(lab, redis, billing, harm):
    fault = lab.inject(redis, harm.kind, **harm.parameters)
    wait_until(lambda: harm.hurts(redis))
    ended = lab.undo(fault)
    assert (ended["state"], ended["result"]) == ("undone", "clean"), json.dumps(ended)
    wait_until(redis.connects)
    assert not harm.hurts(redis)
