"""Schemathesis: whatever the OpenAPI document allows, and what it does not, no answer is a 5xx of ours."""

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from backend.tests.conftest import World

world = World()
for service in ("redis", "postgres", "backend"):
    world.add(service)
world.see()

schema = schemathesis.openapi.from_wsgi("/openapi/openapi.json", world.backend.app)


@schema.parametrize()
@settings(max_examples=20, suppress_health_check=list(HealthCheck))
def test_no_input_makes_the_server_fail(case):
    case.call_and_validate(checks=[not_a_server_error])
