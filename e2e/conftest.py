"""The running stack (`make up`) and Debian's Chromium."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from e2e.stack import API, PANEL, READ_SECONDS, Stack

PATIENCE_MS = 30_000
"""For what a page shows: a machine that tests may be several times slower than the one a person sits at."""
expect.set_options(timeout=PATIENCE_MS)
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def stack() -> Stack:
    """The stack of `make up`, every service UP. Fails, never skips, when it is not there."""
    try:
        requests.get(f"{API}/health", timeout=READ_SECONDS).raise_for_status()
        requests.get(f"{PANEL}/healthz", timeout=READ_SECONDS).raise_for_status()
    except requests.RequestException as error:
        pytest.fail(f"the stack is not running; start it with `make up` ({error})")
    return Stack()


@pytest.fixture(autouse=True)
def everything_runs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test begins and leaves with every service of the stack UP."""
    if "stack" not in request.fixturenames:
        yield
        return
    stack: Stack = request.getfixturevalue("stack")
    stack.bring_everything_up()
    yield
    stack.bring_everything_up()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.fail("Chromium is not installed; `.ci/run` installs Debian's package")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


OpenPanel = Callable[..., Page]
# Chromium breaks off every request when an interface of the host comes or goes, as each container's does.
# That is no fault of the panel's, which asks again; what it must show is asserted by each test.
NETWORK_CHANGED = "net::ERR_NETWORK_CHANGED"


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the panel complained: an error in the console that is not the browser's own interruption."""
    return message.type == "error" and NETWORK_CHANGED not in message.text


@pytest.fixture
def open_panel(browser: Browser, stack: Stack) -> Iterator[OpenPanel]:
    """Open the panel in a browser context of its own, connected and drawn; console errors fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(
        path: str = "/", *, theme: str = "dark", size: tuple[int, int] = (1440, 900), touch: bool = False
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
            has_touch=touch,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.on("console", lambda message: is_complaint(message) and complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(PANEL + path)
        expect(page.get_by_test_id("connection")).to_have_attribute("data-link", "live")
        return page

    open_page.complaints = complaints
    yield open_page
    for context in contexts:
        context.close()
