"""`python -m incidentops_backend`: read the settings, serve."""

from incidentops.settings import BackendSettings, read_settings
from incidentops.telemetry import configure_logging
from incidentops_backend.server import Server


def main() -> None:
    settings = read_settings(BackendSettings)
    configure_logging("backend", settings.log_level)
    Server("incidentops_backend.assembly", settings).run()


if __name__ == "__main__":
    main()
