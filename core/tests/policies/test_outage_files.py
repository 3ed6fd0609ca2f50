"""Files of outage policies; what they share with those of remediation is in test_files.py."""

from datetime import timedelta
from pathlib import Path

import pytest

from incidentops.adapters.policies.files import PolicyFiles
from incidentops.adapters.policies.parsing import InvalidPolicy, parse_outage_policies
from incidentops.domain.outages import DEFAULT, OutagePolicy
from incidentops.domain.policies import Ailment, Match
from incidentops.domain.severity import Severity

SHIPPED = Path(__file__).parents[3] / "monitoring/outages"
VALID = """\
policies:
  - name: data pages at once
    match:
      groups: [data]
      services: [postgres, redis]
      states: [down, crash_loop]
    severity: critical
    for: 500ms
    annotations: { runbook: https://example.org/data }
  - name: the lab may break
    match: { groups: [lab] }
    ignore: true
"""


def test_every_field_is_taken():
    data, lab = parse_outage_policies(VALID)
    assert data == OutagePolicy(
        "data pages at once",
        Match(
            frozenset({Ailment.DOWN, Ailment.CRASH_LOOP}),
            frozenset({"postgres", "redis"}),
            frozenset({"data"}),
        ),
        Severity.CRITICAL,
        timedelta(milliseconds=500),
        {"runbook": "https://example.org/data"},
    )
    assert lab == OutagePolicy(
        "the lab may break", Match(frozenset(Ailment), groups=frozenset({"lab"})), None
    )


def test_what_is_shipped_is_what_is_built_in():
    [path] = SHIPPED.glob("*.yml")
    [policy] = parse_outage_policies(path.read_text())
    assert (policy.match, policy.severity, policy.hold) == (DEFAULT.match, DEFAULT.severity, DEFAULT.hold)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("severity: critical", "severity: sev-1", 7, "'critical', 'high', 'medium' or 'low'"),
        ("    severity: critical\n", "", 2, "policies.0: expected either a severity or `ignore: true`"),
        ("ignore: true", "ignore: false", 10, "policies.1: expected either a severity or `ignore: true`"),
        (
            "ignore: true",
            "ignore: true\n    severity: low",
            10,
            "expected either a severity or `ignore: true`",
        ),
        ("for: 500ms", "for: soon", 8, "a duration such as 500ms, 30s, 10m or 1h"),
        ("[down, crash_loop]", "[exited]", 6, "'down', 'unhealthy', 'crash_loop' or 'hung'"),
        ("annotations: {", 'annotations: { x: "\\0",', 9, "should match pattern"),
        ("    ignore: true", "    ignroe: true", 12, "policies.1.ignroe: there is no such field"),
        ("name: the lab may break", "name: data pages at once", 10, "a name that no other policy has"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_what_was_expected(old, new, line, words):
    with pytest.raises(InvalidPolicy) as caught:
        parse_outage_policies(VALID.replace(old, new))
    assert words in str(caught.value)
    assert caught.value.line == line


def test_an_invalid_file_leaves_its_old_version_in_force(tmp_path: Path):
    folder, kept = tmp_path / "outages", tmp_path / "kept"
    folder.mkdir()
    (folder / "a.yml").write_text(VALID)
    assert len(PolicyFiles(folder, kept, parse_outage_policies).read().policies) == 2
    (folder / "a.yml").write_text(VALID.replace("critical", "dire"))
    reading = PolicyFiles(folder, kept, parse_outage_policies).read()
    assert [policy.severity for policy in reading.policies] == [Severity.CRITICAL, None]
    assert [(problem.line, problem.in_force) for problem in reading.problems] == [
        (7, "its last valid version")
    ]
