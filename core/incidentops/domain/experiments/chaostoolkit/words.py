"""The words of our extension of the format: module names, the extension's name, its fields."""

EXTENSION = "incidentops"
FAULTS = "incidentops.faults"
PROBES = "incidentops.probes"
SERVICES = "incidentops.services"
PAUSES = "incidentops.pauses"
WAIT = "wait"
PROMETHEUS = "chaosprometheus.probes"
"""The module of the Chaos Toolkit's own Prometheus extension; its `query` is read as a PromQL probe."""

HYPOTHESIS = "steady-state-hypothesis"
EXTENSION_FIELDS = ("lease_seconds", "recovery_seconds", "blast_radius")
VERBS = ("start", "restart")
