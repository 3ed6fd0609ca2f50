"""The action log as a file."""

import csv
import io

import pytest

from incidentops.testing.store import an_action, ended


@pytest.fixture
def rows(world):
    """More than one page, and cells that would hurt a spreadsheet."""
    rows = [
        ended(an_action("redis", after_seconds=number), message="Ping succeeded") for number in range(600)
    ]
    rows.append(
        ended(an_action("billing", after_seconds=700), message='=HYPERLINK("http://evil","x"),\r\nline two')
    )
    rows.append(ended(an_action("billing", after_seconds=701, actor="@alice"), message="-1 of 2"))
    world.store.write(rows)
    return rows


def export(world, query):
    return world.client.get(f"/api/v1/actions/export?{query}")


def test_csv_holds_every_row_newest_first(world, rows):
    answer = export(world, "format=csv")
    assert answer.content_type.startswith("text/csv")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="actions-')
    read = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline="")))
    assert [row["id"] for row in read] == [str(row.id) for row in reversed(rows)]


def test_no_cell_of_the_csv_is_a_formula_and_quoting_survives(world, rows):
    read = list(csv.DictReader(io.StringIO(export(world, "format=csv&service=billing").text, newline="")))
    assert read[1]["message"] == '\'=HYPERLINK("http://evil","x"),\r\nline two'
    assert (read[0]["actor"], read[0]["message"]) == ("'@alice", "'-1 of 2")


def test_json_holds_the_same_rows_as_the_list(world, rows):
    exported = export(world, "format=json&service=billing").get_json()
    assert exported == world.client.get("/api/v1/actions?service=billing").get_json()["items"]


def test_an_empty_export_is_still_a_file(world):
    assert export(world, "format=json").get_json() == []
    assert export(world, "format=csv").text.count("\r\n") == 1


def test_text_is_searched_in_message_and_actor(world, rows):
    assert len(export(world, "format=json&text=HYPER").get_json()) == 1
    assert len(export(world, "format=json&text=%40ALICE").get_json()) == 1
    assert world.client.get("/api/v1/actions?text=nothing+like+it").get_json()["items"] == []


@pytest.mark.parametrize("query", ["", "format=xlsx", "format=csv&outcome=great"])
def test_bad_input_is_refused(world, query):
    assert export(world, query).status_code == 422


def test_an_absent_store_is_said_before_the_file_begins(world):
    with world.store.away():
        assert export(world, "format=csv").status_code == 503


def test_a_store_that_goes_away_midway_breaks_the_transfer_off(world, rows):
    body = world.client.get("/api/v1/actions/export?format=csv", buffered=False).iter_encoded()
    next(body)
    with world.store.away(), pytest.raises(Exception, match="postgres"):
        list(body)
