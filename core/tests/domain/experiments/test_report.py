from dataclasses import replace
from datetime import timedelta

import pytest

from incidentops.domain.actions import Action, Outcome, Source
from incidentops.domain.experiments.chaostoolkit import write_journal
from incidentops.domain.experiments.report import report
from incidentops.domain.experiments.report_markdown import write_markdown
from incidentops.domain.experiments.runs import EntryKind, Sighting, Verdict
from incidentops.domain.faults import Fault, FaultState
from incidentops.domain.services import ServiceState, Verb
from incidentops.messages.ids import uuid7
from incidentops.testing.experiments import NINE, a_run, an_entry


def at(seconds: float):
    return NINE + timedelta(seconds=seconds)


def sighting(seconds: float, state: ServiceState) -> Sighting:
    return Sighting(at=at(seconds), service="redis", state=state, up=state is ServiceState.RUNNING)


def a_fault(kind: str = "pause", **changes) -> Fault:
    fault = Fault(
        id=uuid7(),
        kind=kind,
        service="redis",
        container_id="redis-1",
        started_at_of_target=NINE,
        parameters={},
        mechanism="engine pause",
        lease_seconds=20,
        state=FaultState.UNDONE,
        requested_at=at(1),
        requested_by="chaos",
        active_at=at(1.2),
        ends_at=at(21),
        undone_at=at(6),
        result="clean",
        reason="the experiment is over",
    )
    return replace(fault, **changes)


def an_action(seconds: float, verb: Verb, source: Source, outcome: Outcome = Outcome.SUCCEEDED) -> Action:
    return Action(uuid7(), "redis", verb, "alice", source, outcome, "", at(seconds), 5.0)


RUN = a_run().saw(sighting(1.25, ServiceState.PAUSED)).saw(sighting(6.5, ServiceState.RUNNING))
ENDED = RUN.end(Verdict.HELD, "", at(8))


def test_detection_and_recovery_count_from_the_moment_the_fault_was_there():
    found = report(ENDED, [], [a_fault()], [])
    assert (found.detection_seconds, found.recovery_seconds, found.clean) == (0.05, 5.3, True)


def test_containers_are_told_apart_where_several_of_a_service_were_hurt():
    two = [a_fault(container_id=letter * 64) for letter in "ab"]
    found = report(ENDED, [], two, [])
    assert [harm.container for harm in found.harms] == ["a" * 12, "b" * 12]
    assert f"| redis {'b' * 12} | pause |" in write_markdown(found)
    assert [harm.container for harm in report(ENDED, [], [two[0], two[0]], []).harms] == [None, None]


def test_a_target_that_never_went_down_was_not_detected_and_recovers_with_the_undo():
    quiet = a_run().end(Verdict.HELD, "", at(8))
    [harm] = report(quiet, [], [a_fault("packet_loss")], []).harms
    assert (harm.detected_at, harm.detection_seconds, harm.recovery_seconds) == (None, None, 4.8)


def test_a_target_that_stays_down_has_not_recovered():
    down = a_run().saw(sighting(1.25, ServiceState.PAUSED)).end(Verdict.DEVIATED, "", at(8))
    assert report(down, [], [a_fault()], []).recovery_seconds is None


@pytest.mark.parametrize(
    ("changes", "actions", "healer"),
    [
        ({}, [], "its undo: the experiment is over"),
        ({"undone_at": at(21.2)}, [], "the end of its lease"),
        ({}, [an_action(3, Verb.RESTART, Source.AUTO)], "restart by remediation"),
        ({}, [an_action(3, Verb.START, Source.UI)], "start by alice"),
        ({}, [an_action(0.5, Verb.START, Source.UI)], "its undo: the experiment is over"),
        ({}, [an_action(3, Verb.START, Source.UI, Outcome.FAILED)], "its undo: the experiment is over"),
        ({"undone_at": None, "result": None}, [], "nothing yet"),
        ({"active_at": None, "result": None, "reason": "no iptables"}, [], "nothing to heal: no iptables"),
    ],
)
def test_what_healed_it_is_named(changes, actions, healer):
    [harm] = report(ENDED, [], [a_fault(**changes)], actions).harms
    assert harm.healed_by == healer


@pytest.mark.parametrize(
    ("kind", "lost_at", "by"),
    [
        ("packet_loss", at(3.1), "restart by remediation"),
        ("packet_loss", None, None),  # the restart came when nothing was there any more
        ("pause", at(3.1), None),  # a frozen process is healed by a restart
        ("disk_fill", at(3.1), None),  # outlives it
    ],
)
def test_a_restart_that_only_masked_a_network_fault_is_flagged(kind, lost_at, by):
    restart = [an_action(3, Verb.RESTART, Source.AUTO)]
    found = report(ENDED, [], [a_fault(kind, target_lost_at=lost_at)], restart)
    [harm] = found.harms
    assert (harm.masked and harm.masked.by, found.masked) == (by, by is not None)
    assert harm.masked is None or harm.masked.at == at(3)


@pytest.mark.parametrize(
    "actions",
    [
        [],
        [an_action(0.5, Verb.RESTART, Source.UI)],  # before the fault
        [an_action(3, Verb.STOP, Source.UI)],
        [an_action(30, Verb.RESTART, Source.UI)],  # after the run
        [an_action(3, Verb.RESTART, Source.AUTO, Outcome.FAILED)],
    ],
)
def test_a_restart_that_nobody_of_ours_made_masks_as_well(actions):
    [harm] = report(ENDED, [], [a_fault("latency", target_lost_at=at(3.1))], actions).harms
    assert harm.masked.by == harm.healed_by == "the engine's restart policy, or somebody outside"
    assert harm.masked.at == at(3.1)


def test_a_target_that_stays_down_was_not_restarted():
    down = a_run().saw(sighting(1.25, ServiceState.EXITED)).end(Verdict.DEVIATED, "", at(8))
    [harm] = report(down, [], [a_fault("latency", target_lost_at=at(3.1))], []).harms
    assert harm.masked is None


def test_the_markdown_says_that_a_masked_recovery_is_not_the_systems_own():
    restart = [an_action(3, Verb.START, Source.UI)]
    text = write_markdown(report(ENDED, [], [a_fault("packet_loss", target_lost_at=at(3))], restart))
    assert (
        "**A restart masked packet\\_loss on redis**: start by alice, at 2026-01-05 09:00:03.000 UTC" in text
    )
    assert "not the system's own" in text
    assert "| Recovery | 5.300 s (not its own) |" in text


INTERRUPTED = RUN.end(Verdict.INTERRUPTED, "chaos fell silent", at(9))
UNDOING = {"state": FaultState.UNDOING, "undone_at": None, "result": None}


@pytest.mark.parametrize(
    ("run", "faults", "clean"),
    [
        (ENDED, [a_fault()], True),
        (ENDED, [a_fault(), a_fault(result=("eth0: a qdisc is left",))], False),
        (ENDED, [a_fault(**UNDOING), a_fault(result=("eth0: a qdisc is left",))], False),
        (ENDED, [a_fault(**UNDOING)], None),
        (RUN, [a_fault()], None),
        (INTERRUPTED, [a_fault(), a_fault(**UNDOING)], None),
        (INTERRUPTED, [a_fault(), a_fault()], True),
        (INTERRUPTED, [], True),
    ],
)
def test_whether_it_is_clean_is_known_once_every_fault_has_ended_however_the_run_did(run, faults, clean):
    found = report(run, [], faults, [])
    assert found.clean is clean
    proof = {True: "clean: every target is as it was", False: "not clean", None: "not known yet"}[clean]
    assert f"| Proof | {proof}" in write_markdown(found)


def test_a_fault_that_only_the_journal_knows_is_not_known_to_be_clean():
    lost = an_entry(1, EntryKind.FAULT, service="redis", fault="pause", fault_id=uuid7(), ok=True)
    refused = an_entry(2, EntryKind.FAULT, service="redis", fault="pause", fault_id=uuid7(), ok=False)
    assert report(ENDED, [refused, lost], [a_fault()], []).clean is None
    assert report(ENDED, [refused], [a_fault()], []).clean is True


FAULT_ID = uuid7()
HANG = {"name": "hang redis", "service": "redis", "fault": "pause", "fault_id": FAULT_ID}
ENTRIES = [
    an_entry(1, EntryKind.PHASE, name="method"),
    an_entry(2, name="billing answers", ok=True, value=True, seconds=0.1),
    an_entry(3, name="billing answers", at=at(3), ok=False, detail="| <b>*no*", seconds=0.4),
    an_entry(4, EntryKind.FAULT, **HANG, ok=True, value="active"),
    an_entry(5, EntryKind.UNDO, **HANG, ok=True, value="undone"),
]


def test_probes_are_summed_up_and_the_timeline_leaves_out_what_was_steady():
    found = report(ENDED, ENTRIES, [], [])
    [asked] = found.probes
    assert (asked.times, asked.not_steady, asked.first_not_steady_at, asked.slowest_seconds) == (
        2,
        1,
        at(3),
        0.4,
    )
    assert [entry.seq for entry in found.timeline] == [1, 3, 4, 5]


def test_the_markdown_tells_all_of_it_and_draws_nothing_that_was_answered():
    text = write_markdown(report(ENDED, ENTRIES, [a_fault(id=FAULT_ID)], []))
    assert "# Redis hangs" in text
    assert "**The hypothesis held.**" in text
    assert (
        "| redis | pause | engine pause | 0.050 s | 5.300 s | its undo: the experiment is over | clean |"
        in text
    )
    assert "\\| \\<b\\>\\*no\\*" in text
    assert "clean: every target is as it was" in text


def test_the_journal_is_one_of_the_chaos_toolkit():
    journal = write_journal(ENDED, ENTRIES)
    assert (journal["status"], journal["deviated"]) == ("completed", False)
    during = journal["steady_states"]["during"][0]
    assert [probe["tolerance_met"] for probe in during["probes"]] == [True, False]
    assert journal["steady_states"]["after"] is None
    [activity] = journal["run"]
    assert (activity["activity"]["provider"]["func"], activity["status"]) == ("pause", "succeeded")
    unfinished = write_journal(a_run(), [])
    assert (unfinished["status"], unfinished["run"]) == ("running", [])
