"""What every shape of an answer starts from."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Answers are built from domain objects by attribute."""

    model_config = ConfigDict(from_attributes=True)
