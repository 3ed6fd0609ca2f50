"""The panel's hand-written types name what the backend speaks: the same fields, and null where it may say null."""

import re
import types
from pathlib import Path
from typing import Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from incidentops_backend import schemas

API = Path(__file__).parents[2] / "frontend/src/api"
_INTERFACE = re.compile(r"^export interface (\w+)(?: extends \w+)? \{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  (\w+)\??: (.+);$", re.MULTILINE)


def interfaces() -> dict[str, dict[str, str]]:
    """Name → field → type of every interface of the panel that speaks to the backend."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(API.glob("*.ts"))]
    return {name: dict(_FIELD.findall(body)) for text in texts for name, body in _INTERFACE.findall(text)}


def spoken() -> dict[str, type[BaseModel]]:
    """Name on the panel's side → shape, of every shape that has one."""
    shapes = {name.removesuffix("Out"): getattr(schemas, name) for name in schemas.__all__}
    return {name: shape for name, shape in shapes.items() if name in interfaces()}


def test_the_shapes_of_the_live_view_are_compared():
    assert {"Service", "Action", "Snapshot", "Delta", "Stats", "LogLine"} <= spoken().keys()


@pytest.mark.parametrize("name", sorted(spoken()))
def test_an_interface_of_the_panel_has_the_fields_of_the_backends_shape(name):
    fields = spoken()[name].model_fields
    assert interfaces()[name].keys() == fields.keys()
    nullable = {
        key for key, field in fields.items() if _may_be_none(field.annotation) and field.is_required()
    }
    says_null = {key for key, text in interfaces()[name].items() if "| null" in text}
    assert nullable <= says_null


def _may_be_none(annotation: object) -> bool:
    return get_origin(annotation) in {Union, types.UnionType} and type(None) in get_args(annotation)
