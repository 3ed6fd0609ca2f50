"""A report as Markdown, for a ticket or a wiki. Nothing of it is trusted: it is text in tables."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from incidentops.domain.experiments.report import Asked, Harm, Report
from incidentops.domain.experiments.runs import Entry, Verdict

_VERDICTS = {
    Verdict.HELD: "The hypothesis held.",
    Verdict.DEVIATED: "The hypothesis did not hold.",
    Verdict.NOT_STEADY: "The system was not steady before, so nothing was injected.",
    Verdict.HALTED: "The run was halted.",
    Verdict.FAILED: "The run failed.",
    Verdict.INTERRUPTED: "The run was interrupted: whoever carried it out fell silent.",
    None: "The run has not ended.",
}
_PROOFS = {
    True: "clean: every target is as it was",
    False: "not clean, see Faults",
    None: "not known yet, see Faults",
}


def write_markdown(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    run = report.run
    yield f"# {_plain(run.experiment.title)}"
    yield ""
    yield f"Run {run.number or run.id} of `{run.experiment.name}`, asked for by {_plain(run.asked_by)}."
    yield ""
    reason = f" {_plain(run.reason)}" if run.reason else ""
    yield f"**{_VERDICTS[run.verdict]}**{reason}"
    yield ""
    yield from _table(("", ""), _facts(report))
    yield ""
    yield f"## Hypothesis: {_plain(report.hypothesis)}"
    yield ""
    yield from _table(("Probe", "Asked", "Not steady", "First at", "Slowest"), map(_probe, report.probes))
    yield ""
    yield "## Faults"
    yield ""
    header = (
        "Service",
        "Fault",
        "Mechanism",
        "Detected after",
        "Recovered after",
        "Healed by",
        "Left behind",
    )
    yield from _table(header, map(_harm, report.harms))
    yield ""
    for harm in report.harms:
        yield from _masked(harm)
    yield "## Timeline"
    yield ""
    yield from _table(("At", "Phase", "What", "Result"), map(_moment, report.timeline))


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    run = report.run
    yield "Requested", _moment_of(run.requested_at)
    yield "Ended", _moment_of(run.ended_at)
    yield "Detection", _seconds(report.detection_seconds)
    yield "Recovery", f"{_seconds(report.recovery_seconds)}{' (not its own)' if report.masked else ''}"
    yield "Proof", _PROOFS[report.clean]


def _probe(asked: Asked) -> tuple[str, ...]:
    return (
        asked.name,
        str(asked.times),
        str(asked.not_steady),
        _moment_of(asked.first_not_steady_at),
        _seconds(asked.slowest_seconds),
    )


def _harm(harm: Harm) -> tuple[str, ...]:
    parameters = ", ".join(f"{name} {value}" for name, value in harm.parameters.items())
    left = harm.result if isinstance(harm.result, str) else "; ".join(harm.result or ("not known yet",))
    return (
        f"{harm.service} {harm.container or ''}".strip(),
        f"{harm.kind} {parameters}".strip(),
        harm.mechanism,
        _seconds(harm.detection_seconds, "not detected"),
        _seconds(harm.recovery_seconds),
        f"{harm.healed_by}{' (masked)' if harm.masked else ''}",
        left,
    )


def _masked(harm: Harm) -> Iterator[str]:
    if harm.masked is None:
        return
    yield (
        f"**A restart masked {_plain(harm.kind)} on {_plain(harm.service)}**: {_plain(harm.masked.by)}, at "
        f"{_moment_of(harm.masked.at)}. Its rules went with the network namespace. The recovery measured is the "
        "restart's, not the system's own."
    )
    yield ""


def _moment(entry: Entry) -> tuple[str, ...]:
    what = " ".join(filter(None, (entry.kind.value, entry.name, entry.service)))
    mark = {True: "ok", False: "not ok", None: ""}[entry.ok]
    value = "" if entry.value is None else str(entry.value)
    result = " ".join(part for part in (mark, value, entry.detail) if part)
    return _moment_of(entry.at), entry.phase.value, what, result


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(header)
    yield _row("---" for _ in header)
    yield from map(_row, rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    """One line, no table cell's end, no markup: what a service answered must not draw anything."""
    line = " ".join(text.split())
    for sign in "\\|`*_[]<>#":
        line = line.replace(sign, f"\\{sign}")
    return line


def _moment_of(at: datetime | None) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] + " UTC" if at else "-"


def _seconds(seconds: float | None, otherwise: str = "-") -> str:
    return otherwise if seconds is None else f"{seconds:.3f} s"
