"""One experiment that most tests look at."""

import pytest

from incidentops.domain.experiments.experiment import Experiment
from incidentops.testing.experiments import an_experiment


@pytest.fixture
def experiment() -> Experiment:
    return an_experiment()
