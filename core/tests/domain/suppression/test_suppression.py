"""Maintenance, silences and inhibition: when a page is kept back, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from incidentops.domain.suppression.inhibition import root_cause
from incidentops.domain.suppression.silences import Matcher, Silence
from incidentops.domain.suppression.verdict import INHIBITION_LOOK, LOOK, Suppressions, Surroundings
from incidentops.domain.suppression.windows import MaintenanceWindow, Repeat

GRAPH = {"billing": ["postgres", "rabbitmq"], "postgres": ["disk"], "redis": []}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]  # pieces of a date


def wall(*parts: int) -> datetime:
    """What a clock on the wall shows."""
    return datetime(*parts)  # type: ignore[arg-type,misc]  # noqa: DTZ001 - without a zone on purpose


def a_window(repeat: Repeat = Repeat.ONCE, zone: str = "UTC", **options) -> MaintenanceWindow:
    start, end = wall(2026, 1, 11, 2), wall(2026, 1, 11, 4)  # a second Sunday
    return MaintenanceWindow("database", start, end, zone, repeat, **options)


@pytest.mark.parametrize(
    ("repeat", "open_on"),
    [
        (Repeat.ONCE, {11}),
        (Repeat.DAILY, set(range(11, 32))),
        (Repeat.WEEKLY, {11, 18, 25}),
        (Repeat.FORTNIGHTLY, {11, 25}),
        (Repeat.MONTHLY, {11}),
    ],
)
def test_a_window_comes_again_as_it_says(repeat: Repeat, open_on: set[int]):
    window = a_window(repeat)
    assert {day for day in range(1, 32) if window.open_until(utc(2026, 1, day, 3))} == open_on


def test_each_second_sunday_of_the_month():
    window = a_window(Repeat.MONTHLY)
    days = [utc(2026, 2, day, 2, 30) for day in (1, 8, 15)]
    assert [window.open_until(at) for at in days] == [None, utc(2026, 2, 8, 4), None]


def test_a_window_keeps_its_wall_clock_through_a_change_of_the_clocks():
    window = a_window(Repeat.WEEKLY, "Europe/Berlin")
    assert window.open_until(utc(2026, 1, 18, 1, 30)) == utc(2026, 1, 18, 3)
    assert window.open_until(utc(2026, 4, 5, 0, 30)) == utc(2026, 4, 5, 2)


def test_a_window_over_midnight_is_open_on_both_days():
    window = MaintenanceWindow("night", wall(2026, 1, 11, 23), wall(2026, 1, 12, 1))
    assert window.open_until(utc(2026, 1, 12, 0, 30)) == utc(2026, 1, 12, 1)


def test_a_window_covers_its_services_its_groups_or_everything():
    assert a_window().covers("redis", None)
    assert a_window(services=("redis",)).covers("redis", "data")
    assert a_window(groups=("data",)).covers("redis", "data")
    assert not a_window(services=("postgres",), groups=("web",)).covers("redis", "data")


@pytest.mark.parametrize(
    ("matcher", "fits"),
    [
        (Matcher("env", "production"), True),
        (Matcher("env", "prod"), False),
        (Matcher("env", "prod.*", regex=True), True),
        (Matcher("env", "prod", regex=True), False),
        (Matcher("env", "production", equal=False), False),
        (Matcher("absent", ""), True),
        (Matcher("absent", ".+", equal=False, regex=True), True),
    ],
)
def test_matchers_are_alertmanagers(matcher: Matcher, fits: bool):
    assert matcher.fits({"env": "production"}) is fits


def test_no_pattern_takes_forever():
    assert not Matcher("env", "(a+)+$", regex=True).fits({"env": "a" * 4000 + "b"})


def test_a_silence_whose_pattern_cannot_be_read_holds_nothing_back():
    at = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
    silence = Silence(
        "s1", (Matcher("env", "(?=prod)", equal=False, regex=True),), at, at + timedelta(hours=5)
    )
    assert silence.open_until({"env": "production"}, at) is None


def test_the_nearest_service_in_trouble_is_the_root_cause():
    assert root_cause("billing", GRAPH, {"disk", "postgres"}) == "postgres"
    assert root_cause("billing", GRAPH, {"disk"}) == "disk"
    assert root_cause("redis", GRAPH, {"disk", "redis"}) is None


def test_services_that_stand_on_each_other_do_not_keep_each_other_silent():
    circle = {"redis": ["billing"], "billing": ["redis", "postgres"]}
    assert root_cause("redis", circle, {"redis", "billing"}) is None
    assert root_cause("billing", circle, {"redis", "billing"}) is None
    assert root_cause("redis", circle, {"redis", "billing", "postgres"}) == "postgres"


def test_of_several_suppressions_the_longest_counts():
    at = utc(2026, 1, 11, 3)
    silence = Silence("s1", (Matcher("service", "billing"),), at, at + timedelta(hours=5))
    suppressions = Suppressions((a_window(),), (silence,))
    around = Surroundings(depends_on=GRAPH, troubled={"postgres"})
    verdict = suppressions.judge("billing", ({"service": "billing"},), at, around)
    assert verdict is not None
    assert (verdict.reason, verdict.until) == ("Silence s1", at + timedelta(hours=5))
    alone = Suppressions().judge("billing", ({},), at, around)
    assert alone is not None
    assert (alone.reason, alone.look_at, alone.until) == ("Follows from postgres", at + INHIBITION_LOOK, None)
    assert Suppressions().judge("redis", ({},), at, around) is None


def test_a_silence_holds_an_incident_back_only_when_all_of_its_alerts_are_silenced():
    at = utc(2026, 1, 11, 3)
    hours = [at + timedelta(hours=hours) for hours in range(4)]
    slow = Silence("slow", (Matcher("alertname", "HighLatency"),), at, hours[2])
    full = Silence("full", (Matcher("alertname", "DiskFull"),), at, hours[1])
    longer = Silence("longer", (Matcher("alertname", "Disk.*", regex=True),), at, hours[3])
    alerts = [{"alertname": "HighLatency"}, {"alertname": "DiskFull"}]
    assert Suppressions((), (slow,)).judge("redis", alerts, at, Surroundings()) is None
    verdict = Suppressions((), (slow, full, longer)).judge("redis", alerts, at, Surroundings())
    assert verdict is not None
    assert (verdict.reason, verdict.until, verdict.look_at) == ("Silence slow", hours[2], at + LOOK)
