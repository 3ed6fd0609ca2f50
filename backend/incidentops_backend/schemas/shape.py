"""What every shape of an answer starts from."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

ServiceName = Annotated[
    str,
    Field(min_length=1, max_length=200, description="A service's name; `project/name` for other projects"),
]


class Shape(BaseModel):
    """Answers are built from domain objects by attribute."""

    model_config = ConfigDict(from_attributes=True)
