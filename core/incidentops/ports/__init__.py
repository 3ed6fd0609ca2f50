"""The doors between the product and everything it stands on.

Adapters implement these Protocols; `incidentops.testing` holds an in-memory twin of each and the contract
suite that both sides pass. Nothing outside an adapter sees a library's own types or errors.
"""

from incidentops.ports.bus import Bus, DeadLetter, Handler
from incidentops.ports.cache import Cache
from incidentops.ports.clock import Clock
from incidentops.ports.engine import Engine
from incidentops.ports.experiments import ExperimentStore
from incidentops.ports.faults import FaultEngine, FaultFilter, FaultJournal, FaultStore
from incidentops.ports.incidents import IncidentStore
from incidentops.ports.policies import PolicyProblem, PolicyReading, PolicySource
from incidentops.ports.records import Fact, Records
from incidentops.ports.remediation import ActiveFaults, DecisionFilter, RemediationStore
from incidentops.ports.store import ActionFilter, ActionPage, Store, StoredRecovery, StoredWish

__all__ = [
    "ActionFilter",
    "ActionPage",
    "ActiveFaults",
    "Bus",
    "Cache",
    "Clock",
    "DeadLetter",
    "DecisionFilter",
    "Engine",
    "ExperimentStore",
    "Fact",
    "FaultEngine",
    "FaultFilter",
    "FaultJournal",
    "FaultStore",
    "Handler",
    "IncidentStore",
    "PolicyProblem",
    "PolicyReading",
    "PolicySource",
    "Records",
    "RemediationStore",
    "Store",
    "StoredRecovery",
    "StoredWish",
]
