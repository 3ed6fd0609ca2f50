import pytest
from pydantic import TypeAdapter, ValidationError

from incidentops.domain.experiments.tolerance import Tolerance, tolerates

READER = TypeAdapter(Tolerance)


@pytest.mark.parametrize(
    ("written", "value", "body", "steady"),
    [
        (200, 200, None, True),
        (200, 503, None, False),
        (True, True, None, True),
        (True, 1, None, False),
        (1, True, None, False),
        ("UP", "UP", None, True),
        ([200, 204], 204, None, True),
        ([200, 204], 500, None, False),
        ({"type": "range", "range": [0, 0.5]}, 0.5, None, True),
        ({"type": "range", "range": [0, 0.5]}, 0.6, None, False),
        ({"type": "range", "range": [0, 1]}, True, None, False),
        ({"type": "range", "range": [0, 1]}, None, None, False),
        ({"type": "regex", "pattern": "^ok$"}, 200, "ok", True),
        ({"type": "regex", "pattern": "^ok$"}, 200, "not ok", False),
        ({"type": "regex", "pattern": "^ok$"}, "ok", None, True),
        (0, None, None, False),
    ],
)
def test_what_is_tolerated(written, value, body, steady):
    assert tolerates(READER.validate_python(written), value, body) is steady


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (None, "expected a value"),
        ([], "expected a value"),
        ([[1]], "expected a value"),
        ({"type": "jsonpath", "path": "$.x"}, "expected a value"),
        ({"type": "range", "range": [2, 1]}, "the lower bound is above the upper one"),
        ({"type": "range", "range": "wide"}, "range: "),
        ({"type": "regex", "pattern": "("}, "not a regular expression"),
        ({"type": "regex", "pattern": "x", "colour": "red"}, "colour: Extra inputs"),
    ],
)
def test_what_cannot_be_a_tolerance_says_what_was_expected(written, reason):
    with pytest.raises(ValidationError, match=reason):
        READER.validate_python(written)
