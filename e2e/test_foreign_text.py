"""Labels, log lines and environments are written by strangers: what looks like HTML in them is shown, never obeyed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SCRIPT = "<script>window.obeyed = 1</script>"
IMAGE = "<img src=x onerror='window.obeyed = 1'>"


@dataclass(frozen=True)
class Hostile:
    """A service of which everything that its owner may write is HTML."""

    name: str
    line: str


@pytest.fixture(scope="module")
def hostile(stack) -> Iterator[Hostile]:
    short = f"hostile-{uuid4().hex[:6]}"
    line = f"{short} {SCRIPT} {IMAGE}"
    container = stack.engine.containers.run(
        stack.container("backend").attrs["Config"]["Image"],
        ["-c", f'echo "{line}"; echo \'{{"level": "error", "msg": "{SCRIPT}"}}\'; exec sleep 1000'],
        entrypoint=["sh"],
        name=short,
        environment={IMAGE: SCRIPT},
        labels={
            "incidentops.service": short,
            "incidentops.group": IMAGE,
            "incidentops.probe": SCRIPT,
            "incidentops.recovery": IMAGE,
            "incidentops.depends_on": SCRIPT,
            "com.docker.compose.project": "shop",
        },
        detach=True,
    )
    try:
        stack.wait_for(f"shop/{short}", status="UP")
        yield Hostile(f"shop/{short}", line)
    finally:
        container.remove(force=True)


@pytest.mark.parametrize(
    ("page_of", "shown"),
    [
        ("/", IMAGE),
        ("/services/{name}", SCRIPT),
        ("/services/{name}?tab=containers", IMAGE),
        ("/topology?service={name}", SCRIPT),
        ("/settings", IMAGE),
    ],
    ids=["overview", "service", "containers", "topology", "settings"],
)
def test_html_in_labels_and_environment_is_shown_as_text(open_panel, hostile, page_of, shown):
    page = open_panel(page_of.format(name=hostile.name))
    expect(page.get_by_role("main")).to_contain_text(shown)
    assert page.evaluate("window.obeyed") is None
    assert open_panel.complaints == []


def test_html_in_log_lines_is_shown_as_text(open_panel, hostile):
    page = open_panel(f"/services/{hostile.name}")
    lines = page.get_by_role("log", name=f"Lines of {hostile.name}")
    expect(lines).to_contain_text(hostile.line)
    expect(lines).to_contain_text(SCRIPT)
    assert lines.locator("script, img").count() == 0
    assert page.evaluate("window.obeyed") is None
    assert open_panel.complaints == []


def test_html_in_what_was_searched_for_is_shown_as_text(open_panel, hostile):
    page = open_panel("/audit")
    page.get_by_label("Text").fill(IMAGE)
    page.get_by_label("Text").press("Enter")
    expect(page).to_have_url(re.compile("text="))
    expect(page.get_by_label("Text")).to_have_value(IMAGE)
    assert page.evaluate("window.obeyed") is None
    assert open_panel.complaints == []
