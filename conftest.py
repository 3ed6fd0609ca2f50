"""Fixtures that several members share, so that one container serves the whole session."""

pytest_plugins = ["incidentops.testing.bus_fixtures"]
