"""The named statements of the `.sql` files beside this module, as they stand there."""

import re
from functools import cache
from importlib.resources import files
from typing import LiteralString, cast

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def query(name: str, file: str = "queries.sql") -> LiteralString:
    """The statement of that name. Raises KeyError for a name that the file does not have."""
    return _queries(file)[name]


@cache
def _queries(file: str) -> dict[str, LiteralString]:
    text = files(__package__).joinpath(file).read_text("utf-8")
    _, *parts = _NAME.split(text)
    # psycopg wants literals, to keep user input out of statements; these come from our own package.
    return {name: cast(LiteralString, body) for name, body in zip(parts[::2], parts[1::2], strict=True)}
