"""The Chaos Toolkit's formats: its experiment, read and written, and its journal, written.

Its library is not used. What an experiment of ours needs beyond the format stands in an extension named
`incidentops`; faults, probes and rollbacks are python providers of modules named `incidentops.…`.
"""

from incidentops.domain.experiments.chaostoolkit.journal import write_journal
from incidentops.domain.experiments.chaostoolkit.problems import FieldProblem, InvalidExperiment
from incidentops.domain.experiments.chaostoolkit.reading import read_experiment
from incidentops.domain.experiments.chaostoolkit.writing import write_experiment

__all__ = ["FieldProblem", "InvalidExperiment", "read_experiment", "write_experiment", "write_journal"]
