"""What axe finds in pages: color contrast, names, roles and the rest of its rules."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_BEGIN = """() => {
  const run = done => done(axe.run({resultTypes: ['violations']}))
  window.examined = new Promise(done => setTimeout(run, 0, done))
}"""
_SEVERE = {"serious", "critical"}


def severe_findings(*pages: Page) -> list[str]:
    """The rules that a page breaks severely. Pages of several contexts are examined at once, each in its process."""
    for page in pages:
        page.evaluate(Axe().axe_script)
        page.evaluate(_BEGIN)
    found = [page.evaluate("window.examined") for page in pages]
    return [rule["id"] for each in found for rule in each["violations"] if rule["impact"] in _SEVERE]
