"""What chaos reads from the environment beside the rest."""

from pydantic import Field

from incidentops.settings import ServiceSettings


class ChaosSettings(ServiceSettings):
    """Where PromQL probes are asked."""

    prometheus_url: str = Field(
        default="http://prometheus:9090",
        description="Prometheus, which experiments ask",
        pattern="^https?://",
    )
