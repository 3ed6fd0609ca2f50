"""The kinds of panel that our dashboards are made of, each with the queries that fill it."""

from grafana_foundation_sdk.builders import (
    common,
    dashboard,
    logs,
    loki,
    prometheus,
    stat,
    statetimeline,
    timeseries,
)
from grafana_foundation_sdk.models.common import (
    BigValueGraphMode,
    DataSourceRef,
    LegendDisplayMode,
    LegendPlacement,
    LogsSortOrder,
    StackingMode,
    TooltipDisplayMode,
)
from grafana_foundation_sdk.models.dashboard import (
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
)

PROMETHEUS = DataSourceRef(type_val="prometheus", uid="prometheus")
LOKI = DataSourceRef(type_val="loki", uid="loki")
Queries = dict[str, str]
"""Legend → PromQL."""

UP = "#2f9e44"
DOWN = "#e03131"
HEIGHT, WIDTH = 8, 12
STAT_HEIGHT, STAT_WIDTH = 4, 4


def figure(title: str, query: str, *, unit: str = "short", alarm_at: float | None = None) -> stat.Panel:
    """One number, green, and red from `alarm_at` on."""
    steps = [Threshold(value=None, color=UP)]
    steps += [] if alarm_at is None else [Threshold(value=alarm_at, color=DOWN)]
    return (
        stat.Panel()
        .title(title)
        .datasource(PROMETHEUS)
        .with_target(_query(query, title, "A").instant())
        .unit(unit)
        .graph_mode(BigValueGraphMode.NONE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .thresholds(_thresholds(steps))
        .height(STAT_HEIGHT)
        .span(STAT_WIDTH)
    )


def lines(title: str, queries: Queries, *, unit: str = "short", stacked: bool = False) -> timeseries.Panel:
    """Lines over time; `stacked` where their sum means something."""
    panel = (
        timeseries.Panel()
        .title(title)
        .datasource(PROMETHEUS)
        .unit(unit)
        .min(0)
        .line_width(1)
        .fill_opacity(12)
        .legend(_legend())
        .tooltip(common.VizTooltipOptions().mode(TooltipDisplayMode.MULTI))
        .height(HEIGHT)
        .span(WIDTH)
    )
    if stacked:
        panel = panel.stacking(common.StackingConfig().mode(StackingMode.NORMAL))
    for position, (legend, query) in enumerate(queries.items()):
        panel = panel.with_target(_query(query, legend, chr(ord("A") + position)))
    return panel


def states(title: str, legend: str, query: str) -> statetimeline.Panel:
    """A bar per series that is UP where the value is 1 and DOWN where it is 0."""
    return (
        statetimeline.Panel()
        .title(title)
        .datasource(PROMETHEUS)
        .with_target(_query(query, legend, "A"))
        .mappings([ValueMap(options={"1": _word("UP", UP), "0": _word("DOWN", DOWN)})])
        .fill_opacity(80)
        .height(HEIGHT)
        .span(WIDTH)
    )


def log_lines(title: str, query: str) -> logs.Panel:
    """The newest lines that fit a LogQL query."""
    return (
        logs.Panel()
        .title(title)
        .datasource(LOKI)
        .with_target(loki.Dataquery().datasource(LOKI).expr(query).ref_id("A"))
        .show_time(True)
        .wrap_log_message(True)
        .enable_log_details(True)
        .sort_order(LogsSortOrder.DESCENDING)
        .height(HEIGHT + 2)
        .span(2 * WIDTH)
    )


def _query(expression: str, legend: str, ref_id: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().datasource(PROMETHEUS).expr(expression).legend_format(legend).ref_id(ref_id)


def _legend() -> common.VizLegendOptions:
    return (
        common.VizLegendOptions()
        .show_legend(True)
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
    )


def _thresholds(steps: list[Threshold]) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def _word(text: str, color: str) -> ValueMappingResult:
    return ValueMappingResult(text=text, color=color)
