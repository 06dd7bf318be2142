"""Does an editor that checks a definition against the JSON Schema agree with what is read?"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from regimen.definition.loading import load_study
from regimen.definition.models import Study
from regimen.definition.reading import read_document
from regimen.definition.schema import DIALECT, schema, schema_text
from regimen.errors import DefinitionError

ROOT = Path(__file__).resolve().parent.parent
STORED = ROOT / "schemas" / "regimen-1.schema.json"
DEFINITIONS = sorted([*(ROOT / "seeds").glob("*.yaml"), *(ROOT / "examples").glob("*.yaml")])
VALIDATOR = jsonschema.Draft202012Validator(schema())

ORDINARY = """\
format: regimen/1
study: {id: wren-1, title: WREN-1, first_day: 1, source: protocol}
sources: {protocol: Protocol version 1}
anchors: {first_dose: first infusion, surgery: {title: surgery, from: first_dose + 84 d}}
decisions: {responder: {question: Has the patient responded?}}
assumptions: {label: {title: the label, reason: usual, sets: {epochs: {treatment: {lasts: 12 w}}}}}
arms: {main: {epochs: [treatment]}}
epochs:
  treatment:
    from: first_dose
    cycles: 21 d x4
    courses: {times: 2, rest: 3 w}
    doses:
      vinorelbine: {dose: 25 mg/m2 IV, when: day 1, source: {document: protocol, section: "5"}}
      prednisone: {parts: {start: {dose: 60 mg PO, when: days 1-5}}}
    visits: {clinic: {when: day 1, activities: [{activity: vitals}]}}
    procedures: {ct: {when: day 1}}
"""
# Where a map with a fixed set of keys stands in ORDINARY.
MAPS: tuple[tuple[str | int, ...], ...] = (
    (),
    ("study",),
    ("anchors", "surgery"),
    ("decisions", "responder"),
    ("assumptions", "label"),
    ("arms", "main"),
    ("epochs", "treatment"),
    ("epochs", "treatment", "courses"),
    ("epochs", "treatment", "doses", "vinorelbine"),
    ("epochs", "treatment", "doses", "vinorelbine", "source"),
    ("epochs", "treatment", "doses", "prednisone", "parts", "start"),
    ("epochs", "treatment", "visits", "clinic"),
    ("epochs", "treatment", "visits", "clinic", "activities", 0),
    ("epochs", "treatment", "procedures", "ct"),
)


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of the schema with its place."""
    for name, one in node.get("properties", {}).items():
        yield f"{path}.{name}", one
    for name, definition in node.get("$defs", {}).items():
        yield from properties(definition, name)


def test_the_stored_schema_is_the_generated_one():
    """The schema in the repository is what the models give; `make schema` writes it anew."""
    assert STORED.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_a_valid_schema_of_its_dialect():
    """The schema is itself valid JSON Schema 2020-12."""
    assert schema()["$schema"] == DIALECT == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(STORED.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", DEFINITIONS, ids=[path.stem for path in DEFINITIONS])
def test_every_shipped_definition_is_valid(path):
    """Every seed and every example, read with its values as text, is valid by the schema."""
    assert [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(read_document(path).data)] == []


def test_a_definition_that_uses_every_kind_of_map_is_valid():
    """The definition that the next tests spoil is valid and can be read."""
    assert list(VALIDATOR.iter_errors(read_document(ORDINARY).data)) == []
    assert isinstance(load_study(ORDINARY), Study)


@pytest.mark.parametrize("place", MAPS, ids=[".".join(map(str, place)) or "top" for place in MAPS])
def test_an_unknown_key_is_refused_by_the_schema_and_by_the_reader(place):
    """At every level a key that is not known is wrong for an editor and for the reader."""
    data = copy.deepcopy(read_document(ORDINARY).data)
    inside: Any = data
    for step in place:
        inside = inside[step]
    inside["colour"] = "red"
    assert list(VALIDATOR.iter_errors(data))
    with pytest.raises(DefinitionError, match="'colour' is not known here"):
        load_study(json.dumps(data))


@pytest.mark.parametrize("key", ["format", "study", "anchors", "arms", "epochs"])
def test_a_missing_key_is_refused_by_the_schema_and_by_the_reader(key):
    """A definition without one of its five parts is wrong for an editor and for the reader."""
    data = {name: value for name, value in read_document(ORDINARY).data.items() if name != key}
    assert [error.validator for error in VALIDATOR.iter_errors(data)] == ["required"]
    with pytest.raises(DefinitionError, match=f"{key}: it is missing"):
        load_study(json.dumps(data))


LISTS = """\
format: regimen/1
study: {id: wren-1, title: WREN-1, first_day: 1}
anchors: {first_dose: first infusion}
arms: {main: [treatment]}
epochs:
  treatment:
    from: first_dose
    doses: [{drug: Zinc, dose: 5 mg PO, when: days 1-5}]
    visits: [{visit: Clinic, when: day 1}]
    procedures: [{procedure: CT, when: day 3, key: scan}]
"""


def test_short_forms_are_valid_too():
    """Lists of named items, and drugs written as one line of notation, are valid for an editor and for the reader."""
    line = LISTS.replace("[{drug: Zinc, dose: 5 mg PO, when: days 1-5}]", "{zinc: 5 mg PO days 1-5}")
    for text in (LISTS, line):
        assert list(VALIDATOR.iter_errors(read_document(text).data)) == []
        assert list(load_study(text).epochs["treatment"].doses) == ["zinc"]


def test_every_key_says_what_it_is_for():
    """Every key has a description that an editor can show: some words, a capital first, a stop last."""
    described = {name: one.get("description", "") for name, one in properties(schema())}
    assert len(described) > 60
    assert [name for name, said in described.items() if len(said.split()) < 3] == []
    assert [name for name, said in described.items() if not said[0].isupper() and not said.startswith("elapsed")] == []
    assert [name for name, said in described.items() if not said.endswith((".", "?", "…"))] == []


def test_every_map_says_what_it_is():
    """Every kind of map has a description, and texts of notation come with examples that can be read."""
    definitions = schema()["$defs"]
    assert [name for name, one in definitions.items() if not one.get("description")] == []
    assert definitions["DoseItem"]["properties"]["when"]["anyOf"][0]["examples"]
