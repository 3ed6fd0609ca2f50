"""What every `ExperimentStore` does. Twin and real adapter inherit these tests."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from incidentops.domain.errors import Unavailable
from incidentops.domain.experiments.runs import Phase, Progress, RunEntries, Verdict
from incidentops.domain.experiments.schedules import LeftOut
from incidentops.messages.ids import uuid7
from incidentops.testing.experiments import NINE, a_run, a_schedule, an_entry, an_experiment

NOON = NINE.replace(hour=12)


class ExperimentContract:
    """Inherit, and define the fixture `store`: empty, with its write side."""

    def test_a_definition_is_added_once_and_can_be_replaced_and_removed(self, store: Any) -> None:
        first, second = an_experiment(), an_experiment(title="Redis hangs for long")
        assert store.experiments.add(first, NINE)
        assert not store.experiments.add(second, NINE)
        assert store.experiments.experiments() == [first]
        store.experiments.put(second, NINE)
        assert store.experiments.experiments() == [second]
        assert store.experiments.remove(first.name)
        assert not store.experiments.remove(first.name)
        assert store.experiments.experiments() == []

    def test_a_run_is_found_by_its_id_and_by_the_number_it_was_given(self, store: Any) -> None:
        run = a_run()
        store.write([run])
        found = store.experiments.run(run.id)
        assert found.model_copy(update={"number": None}) == run
        assert found.number is not None
        assert store.experiments.run_by_number(found.number) == found
        assert store.experiments.run(uuid7()) is None
        assert store.experiments.run_by_number(found.number + 1) is None

    def test_the_first_verdict_of_a_run_stands_and_late_news_change_nothing(self, store: Any) -> None:
        run = a_run()
        at = NINE + timedelta(seconds=5)
        later = run.told(Progress(run_id=run.id, at=at, phase=Phase.METHOD), at)
        store.write([run, later])
        store.write([run])
        assert store.experiments.run(run.id).phase is Phase.METHOD
        store.write([later.end(Verdict.HALTED, "alice said so", NOON)])
        store.write([later.end(Verdict.HELD, "", NOON), later])
        assert store.experiments.run(run.id).verdict is Verdict.HALTED

    def test_numbers_have_no_gaps_however_often_a_run_is_written(self, store: Any) -> None:
        first, second = a_run(), a_run()
        store.write([first, first, first])
        store.write([second])
        numbers = [store.experiments.run(run.id).number for run in (first, second)]
        assert numbers[1] == numbers[0] + 1

    def test_runs_come_newest_first_page_by_page(self, store: Any) -> None:
        runs = [a_run(), a_run(an_experiment(name="other")), a_run()]
        store.write(runs)
        ids = [run.id for run in runs]
        assert [run.id for run in store.experiments.runs(limit=2)] == [ids[2], ids[1]]
        assert [run.id for run in store.experiments.runs(before=store.experiments.run(ids[1]).number)] == [
            ids[0]
        ]
        assert [run.id for run in store.experiments.runs("other")] == [ids[1]]
        newest = store.experiments.last_runs()
        assert {name: run.id for name, run in newest.items()} == {"redis-hangs": ids[2], "other": ids[1]}

    def test_open_runs_are_those_without_a_verdict(self, store: Any) -> None:
        run, ended = a_run(), a_run().end(Verdict.HELD, "", NOON)
        store.write([run, ended])
        assert [item.id for item in store.experiments.open_runs()] == [run.id]

    def test_lines_of_a_journal_are_kept_once_in_their_order(self, store: Any) -> None:
        run_id = uuid7()
        one, two, three = (an_entry(seq, name=f"line {seq}", value=seq) for seq in (1, 2, 3))
        store.write([RunEntries(run_id=run_id, entries=(one, three))])
        again = two.model_copy(update={"name": "again"})
        store.write(
            [
                RunEntries(run_id=run_id, entries=(two, three)),
                RunEntries(run_id=run_id, entries=(again,)),
                RunEntries(run_id=uuid7(), entries=(one,)),
            ]
        )
        assert store.experiments.entries(run_id) == [one, two, three]
        assert store.experiments.entries(uuid7()) == []

    def test_a_schedule_is_claimed_once_when_its_moment_comes_and_moved_on(self, store: Any) -> None:
        schedule = a_schedule()
        store.experiments.put_schedule(schedule)
        assert store.experiments.claim_due(NOON - timedelta(seconds=1)) == []
        with ThreadPoolExecutor(4) as pool:
            claimed = list(pool.map(store.experiments.claim_due, [NOON] * 4))
        assert [item for items in claimed for item in items] == [schedule]
        assert store.experiments.schedules("redis-hangs")[0].next_at == NOON + timedelta(days=1)

    def test_changes_of_a_schedule_come_one_after_the_other_and_none_brings_back_a_removed_one(
        self, store: Any
    ) -> None:
        schedule = a_schedule()
        store.experiments.put_schedule(schedule)
        moments = [LeftOut(at=NOON + timedelta(days=day), reasons=("redis is DOWN",)) for day in range(4)]

        def leave_out(moment: LeftOut) -> None:
            assert store.experiments.change_schedule(schedule.id, lambda item: item.leaving_out(moment))

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(leave_out, moments))
        [kept] = store.experiments.schedules()
        assert sorted(kept.left_out, key=lambda item: item.at) == moments
        store.experiments.remove_schedule(schedule.id)
        assert store.experiments.change_schedule(schedule.id, lambda item: item) is None
        assert store.experiments.schedules() == []

    def test_schedules_go_with_their_experiment_or_alone(self, store: Any) -> None:
        experiment = an_experiment()
        store.experiments.add(experiment, NINE)
        schedules = [a_schedule(), a_schedule(), a_schedule("other")]
        for schedule in schedules:
            store.experiments.put_schedule(schedule)
        assert store.experiments.remove_schedule(schedules[1].id)
        assert not store.experiments.remove_schedule(schedules[1].id)
        assert store.experiments.schedules("redis-hangs") == [schedules[0]]
        store.experiments.remove(experiment.name)
        assert store.experiments.schedules() == [schedules[2]]

    def test_while_the_database_is_away_every_read_says_so(self, store: Any, outage: Any) -> None:
        with outage(), pytest.raises(Unavailable, match="postgres"):
            store.experiments.runs()
