"""The request that is being answered."""

from typing import cast

from flask import Request
from werkzeug.local import LocalProxy


def itself(request: Request) -> Request:
    """The request behind Flask's proxy, which looks it up anew for every attribute: on the path of every request that
    costs more than what is done with the attributes."""
    return cast("LocalProxy[Request]", request)._get_current_object()
