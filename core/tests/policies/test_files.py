"""Policy files: read as they are written, refused with the line, and the last valid version stays in force."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from incidentops.adapters.policies.files import PolicyFiles
from incidentops.adapters.policies.parsing import InvalidPolicy, parse_policies
from incidentops.domain.policies import Ailment, DuringFaults, Policy, Remedy

SHIPPED = Path(__file__).parents[3] / "remediator/policies"
VALID = """\
policies:
  - name: redis comes back
    match:
      services: [redis]
      states: [down, crash_loop]
    actions: [restart, recreate, escalate]
    budget: { attempts: 5, window: 10m }
    breaker: { failures: 2, rest: 90 }
    backoff: { first: 500ms, longest: 30s }
    probes: 3
    approval: true
    during_faults: score
"""


def test_every_field_is_taken():
    [policy] = parse_policies(VALID)
    assert policy.match.services == {"redis"}
    assert policy.match.states == {Ailment.DOWN, Ailment.CRASH_LOOP}
    assert policy.remedies == (Remedy.RESTART, Remedy.RECREATE, Remedy.ESCALATE)
    assert (policy.budget.attempts, policy.budget.window) == (5, timedelta(minutes=10))
    assert (policy.breaker.failures, policy.breaker.rest) == (2, timedelta(seconds=90))
    assert policy.backoff.first == timedelta(milliseconds=500)
    assert (policy.probes, policy.approval, policy.during_faults) == (3, True, DuringFaults.SCORE)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yml")), ids=lambda path: path.name)
def test_the_policies_that_are_shipped_are_valid(path: Path):
    assert parse_policies(path.read_text())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("[down, crash_loop]", "[dwn]", 5, "'down', 'unhealthy', 'crash_loop' or 'hung'"),
        ("services: [redis]", "services: redis", 4, "expected a list"),
        ("window: 10m", "window: soon", 7, "a duration such as 500ms, 30s, 10m or 1h"),
        ("attempts: 5", "attempts: 0", 7, "greater than or equal to 1"),
        ("attempts: 5, ", "", 7, "policies.0.budget.attempts: this field is required"),
        ("probes: 3", "prbes: 3", 10, "policies.0.prbes: there is no such field"),
        ("actions: [restart, recreate, escalate]", "actions: [run_runbook]", 6, "'restart', 'start'"),
        ("name: redis comes back", "name: default", 2, "a name that no other policy has"),
        ("window: 10m }", "window: 10m", 8, "YAML: "),
        ("policies:", "policies: []\nmore:", 1, "at least 1 item"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_was_expected(old, new, line, words):
    with pytest.raises(InvalidPolicy) as caught:
        parse_policies(VALID.replace(old, new))
    assert words in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize("text", ["", "[]", "policies: 7", "\x00", "!!python/object:os.system {}"])
def test_anything_else_is_refused_too(text):
    with pytest.raises(InvalidPolicy):
        parse_policies(text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "policies"
    path.mkdir()
    return path


@pytest.fixture
def files(folder: Path, tmp_path: Path) -> PolicyFiles[Policy]:
    return PolicyFiles(folder, tmp_path / "kept", parse_policies)


def write(path: Path, text: str) -> None:
    """With a stamp of its own, however fast the test and coarse the clock of the disk."""
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text)
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


def names(files: PolicyFiles[Policy]) -> list[str]:
    return [policy.name for policy in files.read().policies]


def test_no_folder_holds_no_policies(tmp_path: Path):
    assert PolicyFiles(tmp_path / "nowhere", tmp_path / "kept", parse_policies).read().policies == ()


def test_files_are_read_in_the_order_of_their_names_and_a_change_is_seen(files, folder):
    write(folder / "20-b.yml", VALID)
    write(folder / "10-a.yml", VALID.replace("redis comes back", "first"))
    assert names(files) == ["first", "redis comes back"]
    write(folder / "10-a.yml", VALID.replace("redis comes back", "changed"))
    assert names(files) == ["changed", "redis comes back"]
    (folder / "10-a.yml").unlink()
    assert names(files) == ["redis comes back"]


def test_an_invalid_file_leaves_its_old_version_in_force_also_after_a_restart(files, folder, tmp_path):
    write(folder / "a.yml", VALID)
    assert names(files) == ["redis comes back"]
    write(folder / "a.yml", VALID.replace("[redis]", "[redis"))
    for source in (files, PolicyFiles(folder, tmp_path / "kept", parse_policies)):
        assert names(source) == ["redis comes back"]
        [problem] = source.read().problems
        assert (problem.file, problem.line, problem.in_force) == ("a.yml", 5, "its last valid version")
    write(folder / "a.yml", VALID)
    assert files.read().problems == ()


def test_a_file_that_was_never_valid_puts_nothing_in_force_and_holds_up_no_other(files, folder):
    write(folder / "a.yml", "policies: 7")
    write(folder / "b.yml", VALID)
    assert names(files) == ["redis comes back"]
    assert "no version of it was ever valid" in files.read().problems[0].in_force


def test_two_files_may_not_use_one_name(files, folder):
    write(folder / "a.yml", VALID)
    write(folder / "b.yml", VALID)
    assert names(files) == ["redis comes back"]
    assert files.read().problems[0].file == "b.yml"


def test_a_huge_file_is_not_read(files, folder):
    write(folder / "a.yml", "#" * 300_000)
    assert "readable text file" in files.read().problems[0].expected
