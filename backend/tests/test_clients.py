"""Slow clients get the newest state, not a backlog."""

from incidentops_backend.live.clients import LIMIT_WAITING, Clients


class Queues(dict):
    """How many packets wait for each client."""

    def waiting(self, sid: str) -> int:
        return self.get(sid, 0)


def test_a_client_that_falls_behind_is_passed_over_until_it_has_drained():
    queues = Queues()
    clients = Clients(queues.waiting)
    clients.add("alice")
    clients.add("slow")
    queues["slow"] = LIMIT_WAITING + 1
    assert clients.receivers() == ["alice"]
    queues["slow"] = 5
    assert clients.receivers() == ["alice"], "still draining"
    assert clients.recovered() == []
    queues["slow"] = 0
    assert clients.recovered() == ["slow"]
    assert clients.receivers() == ["alice", "slow"]


def test_clients_that_look_at_the_same_cards_share_a_message():
    clients = Clients(Queues().waiting)
    for sid in ("a", "b", "c"):
        clients.add(sid)
    clients.watch("a", frozenset({"redis"}))
    clients.watch("b", frozenset({"redis"}))
    assert clients.by_watched() == {frozenset({"redis"}): ["a", "b"]}
    assert clients.watched() == {"redis"}


def test_a_client_that_left_is_forgotten():
    clients = Clients(Queues().waiting)
    clients.add("a")
    clients.remove("a")
    clients.watch("a", frozenset({"redis"}))
    assert (len(clients), clients.watched()) == (0, frozenset())
