"""Which alerts are one incident: rules, what they look at, and the one place that applies them."""

from incidentops.domain.correlation.correlator import Correlator
from incidentops.domain.correlation.rules import (
    DEFAULT_DOCUMENT,
    DEFAULT_RULES,
    Rule,
    RuleSet,
    RulesRefused,
    read_rules,
)
from incidentops.domain.correlation.scene import Result, Scene, Taken

__all__ = [
    "DEFAULT_DOCUMENT",
    "DEFAULT_RULES",
    "Correlator",
    "Result",
    "Rule",
    "RuleSet",
    "RulesRefused",
    "Scene",
    "Taken",
    "read_rules",
]
