"""Emergency contacts."""

from typing import cast

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import TypeAdapter

from incidentops.domain.oncall.contacts import Contact
from incidentops_backend.http.entries import EntryKind, entry_routes, install_entry_problems
from incidentops_backend.http.problems import Problem
from incidentops_backend.schemas.contacts import ContactIn, ContactOut
from incidentops_backend.schemas.oncall import Document
from incidentops_backend.use_cases.oncall.book import OnCallBook

_TAG = Tag(name="contacts", description="Whom to call in an emergency, beside who is paged by itself")
_CONTACT = TypeAdapter(Contact)
CONTACTS: EntryKind[Contact] = EntryKind(
    Contact,
    "contacts",
    "contact",
    ContactIn,
    ContactOut,
    lambda body, *_: _CONTACT.validate_python(body.model_dump()),
    lambda kept: cast("Document", _CONTACT.dump_python(kept.entry, mode="json")),
)


def contacts_routes(book: OnCallBook) -> APIBlueprint:
    """`/api/v1/contacts`."""
    api = APIBlueprint("contacts", __name__, abp_tags=[_TAG], abp_responses={422: Problem, 503: Problem})
    install_entry_problems(api)
    entry_routes(api, book, CONTACTS)
    return api
