from collections.abc import Iterator

import pytest

from incidentops.domain.errors import Unavailable
from incidentops.testing.bus import MemoryBus
from incidentops.testing.bus_contract import BusContract, Inbox, PutRaw, message


class TestMemoryBus(BusContract):
    @pytest.fixture
    def bus(self) -> Iterator[MemoryBus]:
        bus = MemoryBus()
        yield bus
        bus.close()

    @pytest.fixture
    def put_raw(self, bus: MemoryBus) -> PutRaw:
        return bus.put_raw

    def test_while_away_it_refuses_and_on_its_return_delivers_what_it_had_accepted(self, bus):
        kept = message()
        bus.publish(kept)
        bus.go_away()
        inbox = Inbox()
        bus.subscribe("worker.commands", inbox)
        with pytest.raises(Unavailable):
            bus.publish(message())
        assert not bus.connected()
        assert inbox.messages == []
        bus.come_back()
        assert inbox.wait_for(1) == [kept]
