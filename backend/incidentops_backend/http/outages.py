"""Outage policies: which outages that our own probes see are alerts."""

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag

from incidentops.domain.outages import OutagePolicy
from incidentops_backend.schemas.outages import OutagePoliciesOut, outage_policies_out
from incidentops_backend.use_cases.policies.book import PolicyBook

_TAG = Tag(name="outages", description="Which outages of services are alerts by themselves")


def outages_routes(book: PolicyBook[OutagePolicy]) -> APIBlueprint:
    """`/api/v1/outage-policies`."""
    api = APIBlueprint("outages", __name__, abp_tags=[_TAG])

    @api.get("/api/v1/outage-policies", responses={200: OutagePoliciesOut})
    def list_outage_policies() -> Response:
        """The policies in force, in the order in which they are asked, and the files that are not valid."""
        return jsonify(outage_policies_out(book.reading).model_dump(mode="json"))

    return api
