"""The status page names only tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_proof_on_the_status_page_exists():
    page = (ROOT / "docs/status.md").read_text()
    named = set(re.findall(r"`([\w./-]+\.py|\.ci/run)`", page))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
