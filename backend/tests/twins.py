"""Everything a backend stands on in memory, but for its engine."""

from pathlib import Path

from incidentops.clock import SystemClock
from incidentops.ports import Engine
from incidentops.ports.faults import FaultEngine, FaultJournal
from incidentops.testing.bus import MemoryBus
from incidentops.testing.cache import MemoryCache
from incidentops.testing.directory import MemoryRemembered
from incidentops.testing.engine import MemoryEngine
from incidentops.testing.fault_engine import MemoryFaultEngine
from incidentops.testing.faults import MemoryFaultJournal
from incidentops.testing.store import MemoryRecords, MemoryStore
from incidentops_backend.bootstrap import Ports
from incidentops_backend.bootstrap.experiments import ExperimentPorts
from incidentops_backend.bootstrap.faults import FaultPorts
from incidentops_backend.bootstrap.oncall import OnCallPorts
from incidentops_backend.bootstrap.story import StoryPorts


def beside(engine: Engine, faults: FaultEngine | None = None, journal: FaultJournal | None = None) -> Ports:
    """Twins of all parts beside this engine, and of those of faults that are not given."""
    store = MemoryStore()
    return Ports(
        engine=engine,
        records=MemoryRecords(store),
        store=store,
        incidents=store.incidents,
        oncall=OnCallPorts(store.directory, store.escalations, store.outbox, MemoryRemembered(), {}),
        bus=MemoryBus(),
        cache=MemoryCache(),
        clock=SystemClock(),
        faults=FaultPorts(
            faults or MemoryFaultEngine(MemoryEngine()), journal or MemoryFaultJournal(), store.faults
        ),
        experiments=ExperimentPorts(store.experiments, store.faults, Path("none")),
        story=StoryPorts(store.chronicle, store.evidence),
    )
