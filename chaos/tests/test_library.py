"""The experiments that come with the product."""

from pathlib import Path

import pytest
import yaml

from incidentops.domain.experiments.chaostoolkit import read_experiment
from incidentops.domain.experiments.preview import duration_seconds
from incidentops.domain.experiments.probes import ServiceProbe

HOUSE = Path(__file__).parents[2]
FILES = sorted((HOUSE / "chaos" / "experiments").glob("*.json"))
SERVICES = yaml.safe_load((HOUSE / "docker-compose.yml").read_text())["services"]


def protected(service: str) -> bool:
    return SERVICES[service]["labels"].get("incidentops.protected") == "true"


def test_there_are_at_least_eight():
    assert len(FILES) >= 8


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_is_valid_bears_the_name_of_its_file_and_fits_the_stack(path: Path):
    experiment = read_experiment(path.read_text())
    assert experiment.name == path.stem
    assert experiment.description
    asked = {probe.service for probe in experiment.hypothesis.probes if isinstance(probe, ServiceProbe)}
    assert asked | set(experiment.targets()) <= SERVICES.keys()
    assert not any(protected(target) for target in experiment.targets())
    assert len(experiment.targets()) <= experiment.blast_radius.max_services
    assert duration_seconds(experiment) <= experiment.lease_seconds
