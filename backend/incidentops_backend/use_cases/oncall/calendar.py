"""A schedule as a calendar that other programs subscribe to (RFC 5545)."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from incidentops.domain.oncall.schedules import Schedule

BACK, AHEAD = timedelta(days=14), timedelta(days=90)


def calendar_of(schedule: Schedule, now: datetime) -> bytes:
    """Two weeks back and three months ahead, one event per shift; gaps are events too, marked as such."""
    calendar = Calendar()
    calendar.add("prodid", "-//IncidentOps//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"On call: {schedule.name}")
    for shift in schedule.timeline(now - BACK, now + AHEAD):
        event = Event()
        event.add("uid", f"{schedule.name}-{shift.start:%Y%m%dT%H%M%SZ}@incidentops")
        event.add("dtstamp", now)
        event.add("dtstart", shift.start)
        event.add("dtend", shift.end)
        event.add("summary", f"{schedule.name}: {shift.user or 'NOBODY (gap)'}")
        calendar.add_component(event)
    ical: bytes = calendar.to_ical()
    return ical
