"""The backend on its real parts. Only the server's worker imports this, so that its master stays small."""

import structlog

from incidentops.adapters.docker import DockerEngine
from incidentops.adapters.docker.fault_engine import DockerFaults
from incidentops.adapters.policies.files import PolicyFiles
from incidentops.adapters.policies.parsing import parse_outage_policies, parse_policies
from incidentops.adapters.postgres.store import PostgresStore
from incidentops.adapters.rabbitmq.bus import RabbitBus
from incidentops.adapters.redis import RedisCache
from incidentops.adapters.spool.durable_records import DurableRecords
from incidentops.adapters.spool.fault_journal import FileFaultJournal
from incidentops.adapters.spool.roster_file import RosterFile
from incidentops.clock import SystemClock
from incidentops.ports.faults import Tool
from incidentops.settings import BackendSettings
from incidentops_backend.access import AccessRules
from incidentops_backend.bootstrap import Backend, Ports, Rules
from incidentops_backend.bootstrap.channels import oncall_rules, senders
from incidentops_backend.bootstrap.experiments import ExperimentPorts
from incidentops_backend.bootstrap.faults import FaultPorts
from incidentops_backend.bootstrap.incidents import IncidentRules
from incidentops_backend.bootstrap.oncall import OnCallPorts
from incidentops_backend.bootstrap.remediation import RemediationRules
from incidentops_backend.bootstrap.story import StoryPorts
from incidentops_backend.server import end_server

log = structlog.get_logger()

OWN_NAMES = ("backend",)
"""Prometheus and the health checks inside the stack call us by this name."""


def build(settings: BackendSettings) -> Backend:
    """The backend on its real parts; none of them needs to answer yet."""
    store = PostgresStore(settings.database_url.get_secret_value())
    records = DurableRecords(store, settings.state_dir)
    store.start()
    records.start()
    engine = DockerEngine(
        settings.engine_url,
        project=settings.project,
        probe_image=settings.probe_image,
        cgroup_root=settings.cgroup_root,
    )
    ports = Ports(
        engine=engine,
        records=records,
        store=store,
        incidents=store.incidents,
        oncall=OnCallPorts(
            store.directory,
            store.escalations,
            store.outbox,
            RosterFile(settings.state_dir / "on-call.json"),
            senders(settings),
        ),
        bus=RabbitBus(settings.broker_url.get_secret_value(), "backend"),
        cache=RedisCache(settings.cache_url.get_secret_value()),
        clock=SystemClock(),
        faults=FaultPorts(
            engine=DockerFaults(
                settings.engine_url,
                project=settings.project,
                images={Tool.NETTOOLS: settings.nettools_image, Tool.STRESSOR: settings.stressor_image},
            ),
            journal=FileFaultJournal(settings.state_dir),
            store=store.faults,
        ),
        experiments=ExperimentPorts(store.experiments, store.faults, settings.experiments_dir),
        story=StoryPorts(store.chronicle, store.evidence),
    )
    access = AccessRules.from_origins(settings.allowed_origins, OWN_NAMES)
    rules = Rules(
        settings.project,
        access,
        authentication=settings.auth != "none",
        refuse_to_serve=end_server,
        incidents=IncidentRules(
            settings.keys_by_source(),
            PolicyFiles(settings.outages_dir, settings.state_dir / "outages", parse_outage_policies),
        ),
        oncall=oncall_rules(settings),
        remediation=RemediationRules(
            policies=PolicyFiles(settings.policies_dir, settings.state_dir / "policies", parse_policies)
        ),
    )
    backend = Backend(ports, rules)
    backend.watcher.on_connect(lambda: log.info("sidecars_reaped", count=engine.reap_sidecars()))
    return backend
