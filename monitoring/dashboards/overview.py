"""The overview: every service, the host it runs on, and how the control plane does."""

from grafana_foundation_sdk.builders.dashboard import Dashboard, DashboardLink, QueryVariable, Row
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DashboardLinkType,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

from monitoring.dashboards.panels import PROMETHEUS, figure, lines, log_lines, states

PANEL = "http://localhost:8080"
CHOSEN = 'service=~"$service"'
PER_SECOND = "[$__rate_interval]"


def overview() -> Dashboard:
    """The dashboard that Grafana opens with."""
    dashboard = (
        Dashboard("IncidentOps overview")
        .uid("incidentops-overview")
        .tags(["incidentops"])
        .readonly()
        .time("now-1h", "now")
        .refresh("10s")
        .timezone("browser")
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .link(DashboardLink("Panel").type(DashboardLinkType.LINK).url(PANEL).target_blank(True))
        .with_variable(_service_variable())
    )
    for add_row in (_services, _host, _actions, _control_plane, _logs):
        dashboard = add_row(dashboard)
    return dashboard


def _service_variable() -> QueryVariable:
    everything = VariableOption(text="All", value="$__all", selected=True)
    return (
        QueryVariable("service")
        .label("Service")
        .datasource(PROMETHEUS)
        .query("label_values(incidentops_service_up, service)")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .all_value(".*")
        .current(everything)
    )


def _services(dashboard: Dashboard) -> Dashboard:
    cpu = f"sum by (service) (rate(incidentops_container_cpu_seconds_total{{{CHOSEN}}}{PER_SECOND}))"
    memory = f"sum by (service) (incidentops_container_memory_bytes{{{CHOSEN}}})"
    return (
        dashboard.with_row(Row("Services"))
        .with_panel(figure("UP", "sum(incidentops_service_up)"))
        .with_panel(figure("DOWN", "count(incidentops_service_up == 0) or vector(0)", alarm_at=1))
        .with_panel(figure("Targets away", "count(up == 0) or vector(0)", alarm_at=1))
        .with_panel(figure("Open panels", "sum(incidentops_socket_clients)"))
        .with_panel(figure("Waiting for Postgres", "sum(incidentops_spool_backlog_records)", alarm_at=1))
        .with_panel(figure("Age of the live view", "max(incidentops_view_age_seconds)", unit="s", alarm_at=5))
        .with_panel(states("State", "{{service}}", f"max by (service) (incidentops_service_up{{{CHOSEN}}})"))
        .with_panel(
            states("Dependencies", "{{dependency}}", "max by (dependency) (incidentops_dependency_up)")
        )
        .with_panel(lines("CPU", {"{{service}}": cpu}, unit="short", stacked=True))
        .with_panel(lines("Memory", {"{{service}}": memory}, unit="bytes", stacked=True))
    )


def _host(dashboard: Dashboard) -> Dashboard:
    return (
        dashboard.with_row(Row("Host"))
        .with_panel(
            lines("CPU in use", {"in use": "1 - incidentops_host_cpu_free_ratio"}, unit="percentunit")
        )
        .with_panel(
            lines("Memory and disk in use", {what: _used(what) for what in ("memory", "disk")}, unit="bytes")
        )
    )


def _used(what: str) -> str:
    return f"incidentops_host_{what}_total_bytes - incidentops_host_{what}_free_bytes"


def _actions(dashboard: Dashboard) -> Dashboard:
    ended = "sum by (verb, outcome) (increase(incidentops_actions_total[$__rate_interval]))"
    slow = _quantile(0.95, "incidentops_action_duration_seconds_bucket", "verb")
    return (
        dashboard.with_row(Row("Actions"))
        .with_panel(lines("Actions", {"{{verb}} {{outcome}}": ended}, stacked=True))
        .with_panel(lines("95 of 100 actions take less than", {"{{verb}}": slow}, unit="s"))
    )


def _control_plane(dashboard: Dashboard) -> Dashboard:
    answers = f"sum by (status) (rate(flask_http_request_total{PER_SECOND}))"
    latency = _quantile(0.99, "flask_http_request_duration_seconds_bucket", "method")
    handled = f"sum by (queue, outcome) (rate(incidentops_messages_handled_total{PER_SECOND}))"
    return (
        dashboard.with_row(Row("Control plane"))
        .with_panel(lines("HTTP answers per second", {"{{status}}": answers}, unit="reqps", stacked=True))
        .with_panel(lines("99 of 100 answers take less than", {"{{method}}": latency}, unit="s"))
        .with_panel(lines("Messages handled per second", {"{{queue}} {{outcome}}": handled}, unit="ops"))
        .with_panel(lines("Messages in RabbitMQ", {"ready and unacked": "sum(rabbitmq_queue_messages)"}))
        .with_panel(
            lines(
                "Live deltas per second", {"deltas": f"sum(rate(incidentops_live_deltas_total{PER_SECOND}))"}
            )
        )
        .with_panel(
            lines(
                "Engine events per second",
                {"{{action}}": f"sum by (action) (rate(incidentops_engine_events_total{PER_SECOND}))"},
            )
        )
    )


def _quantile(share: float, buckets: str, by: str) -> str:
    return f"histogram_quantile({share}, sum by (le, {by}) (rate({buckets}{PER_SECOND})))"


def _logs(dashboard: Dashboard) -> Dashboard:
    return dashboard.with_row(Row("Logs")).with_panel(
        log_lines("What the services write", f'{{job="containers", {CHOSEN}}}')
    )
