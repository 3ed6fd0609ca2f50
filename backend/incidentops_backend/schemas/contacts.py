"""Emergency contacts as JSON."""

from typing import Annotated

from pydantic import ConfigDict, Field

from incidentops_backend.schemas.oncall import Kept, Name, Strict, Text


class ContactIn(Strict):
    """A person, an office or a channel for an emergency."""

    name: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    purpose: Text = ""
    reach: Annotated[Text, Field(description="how: in words, as a telephone number or an address")] = ""
    schedule: Annotated[str, Field(max_length=63, description="it is whoever that has on call")] = ""
    order: Annotated[int, Field(ge=0, le=10_000, description="place in the list, the lowest first")] = 0


class ContactOut(ContactIn, Kept):
    model_config = ConfigDict(extra="ignore")
