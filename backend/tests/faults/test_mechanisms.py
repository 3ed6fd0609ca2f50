"""Every mechanism once, on a real container: it bites, it ends, and nothing of it is left."""

import pytest

pytestmark = pytest.mark.engine


def test_packets_are_lost_until_the_lease_ends(lab, redis):
    fault = lab.inject(redis, "packet_loss", lease=3, percent=40)
    assert 30 < redis.lost(200) < 150
    ended = lab.ended(fault)
    assert (ended["state"], ended["result"]) == ("undone", "clean"), ended
    assert ended["reason"] == "the lease ended"
    assert ended["measured"]["packets_hit"] > 30
    assert redis.lost(100) == 0


def test_a_paused_service_answers_again_after_the_undo(lab, redis):
    fault = lab.inject(redis, "pause")
    assert not redis.connects(0.3) or redis.lost(5) == 5
    ended = lab.undo(fault)
    assert (ended["state"], ended["result"]) == ("undone", "clean"), ended
    assert redis.lost(5) == 0
