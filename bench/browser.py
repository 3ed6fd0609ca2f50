"""What a person sees, in Chromium: a death on its card, and the first load over a slow line."""

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import docker
from docker.models.containers import Container
from playwright.sync_api import Browser, Page, sync_playwright

from bench.containers import bench_containers
from bench.events import Seen, bare_reader
from bench.figures import Figure, median, percentile

PANEL = "http://127.0.0.1:8080"
SERVICES, DEATHS = 15, 30
"""Two deaths each: a third within the minute would be a crash loop, whose card stays red."""
LOADS = 5
LINE_BYTES_PER_SECOND = 10_000_000 / 8
_PATIENCE_MS = 20_000

_NOTE_DEATHS = """() => {
    window.deaths = [];
    const known = new Map();
    const look = () => {
        for (const card of document.querySelectorAll('[data-testid^="card-bench/red-"]')) {
            const { testid, status } = card.dataset;
            if (known.get(testid) === 'UP' && status === 'DOWN')
                requestAnimationFrame(() => window.deaths.push(performance.timeOrigin + performance.now()));
            known.set(testid, status);
        }
    };
    look();
    new MutationObserver(look)
        .observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-status'] });
}"""
_NOTE_USABLE = """new MutationObserver((_, observer) => {
    if (!document.querySelector('[data-testid="card-redis"] button:enabled')) return;
    observer.disconnect();
    requestAnimationFrame(() => { window.usable = performance.now(); });
}).observe(document, { subtree: true, childList: true, attributes: true });"""


def measure() -> Iterator[Figure]:
    """The floors are a bare reader of the engine's events, and the time the line itself needs for the bytes."""
    with _chromium() as browser:
        yield from _deaths(browser)
        yield from _first_loads(browser)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


def _deaths(browser: Browser) -> Iterator[Figure]:
    client = docker.from_env()
    with bench_containers(client, SERVICES, "red") as containers, bare_reader(client, ["die"]) as seen:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(PANEL)
        _wait_until_all_up(page)
        page.evaluate(_NOTE_DEATHS)
        for number in range(DEATHS):
            _die_and_return(page, containers[number % SERVICES], number + 1)
        shown = [float(at) for at in page.evaluate("window.deaths")]
        page.close()
    late, bare = _delays(shown, seen)
    yield Figure("die event → card red in Chromium, p50", "ms", median(late), median(bare), 60)
    yield Figure(
        "die event → card red in Chromium, p99", "ms", percentile(late, 99), percentile(bare, 99), 150
    )


def _die_and_return(page: Page, container: Container, deaths: int) -> None:
    container.kill()
    page.wait_for_function("count => window.deaths.length >= count", arg=deaths, timeout=_PATIENCE_MS)
    container.start()
    _wait_until_all_up(page)
    time.sleep(0.1)  # the pace of the load: a death must not share a beat with the start before it


def _wait_until_all_up(page: Page) -> None:
    cards = '[data-testid^="card-bench/red-"][data-status="UP"]'
    page.wait_for_function(
        "([cards, count]) => document.querySelectorAll(cards).length === count",
        arg=[cards, SERVICES],
        timeout=_PATIENCE_MS,
    )


def _delays(shown_ms: list[float], seen: Seen) -> tuple[list[float], list[float]]:
    pairs = zip(shown_ms, seen, strict=True)
    return (
        [at_ms - happened / 1e6 for at_ms, (_, happened, _) in pairs],
        [(read - happened) / 1e6 for _, happened, read in seen],
    )


def _first_loads(browser: Browser) -> Iterator[Figure]:
    loads = [_first_load(browser) for _ in range(LOADS)]
    seconds, size = (statistics.median(values) for values in zip(*loads, strict=True))
    yield Figure("first load at 10 Mbit/s until usable", "s", seconds, size / LINE_BYTES_PER_SECOND, 1.5)
    yield Figure("first load, bytes over the line", "KB", size / 1000, None, 350)


def _first_load(browser: Browser) -> tuple[float, float]:
    """Seconds until the first card can be used, and bytes received until then, with nothing cached."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    received: list[float] = []
    chrome = context.new_cdp_session(page)
    chrome.send("Network.enable")
    chrome.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 0,
            "downloadThroughput": LINE_BYTES_PER_SECOND,
            "uploadThroughput": LINE_BYTES_PER_SECOND,
        },
    )
    chrome.on("Network.loadingFinished", lambda event: received.append(_size(event)))
    page.add_init_script(_NOTE_USABLE)
    page.goto(PANEL)
    page.wait_for_function("() => window.usable", timeout=_PATIENCE_MS)
    seconds = float(page.evaluate("window.usable")) / 1000
    context.close()
    return seconds, sum(received)


def _size(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])
