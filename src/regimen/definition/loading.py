"""How does a file become a study? Read with its places, assumptions applied, every problem named at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from regimen.definition import models
from regimen.definition.models import Study
from regimen.definition.reading import Document, dotted, read_document
from regimen.definition.references import check_references
from regimen.errors import DefinitionError, PlanError, Problem

Path_ = tuple[str | int, ...]
_NAMES = {"from_": "from", "if_": "if"}


def load_study(source: str | Path | bytes, *, name: str = "", assume: Sequence[str] = ()) -> Study:
    """Read a definition and opt into the named assumptions.

    A ``Path`` is read from disk; text or bytes are the definition itself. Raises ``DefinitionError`` with every
    problem found, each with file, line, column and key path; ``PlanError`` for an assumption that does not exist.
    """
    return read_study(source, name=name, assume=assume)[0]


def read_study(source: str | Path | bytes, *, name: str = "", assume: Sequence[str] = ()) -> tuple[Study, Document]:
    """As ``load_study``, with the document that knows where each value stands."""
    document = read_document(source, name=name or (str(source) if isinstance(source, Path) else ""))
    data: Any = document.data
    moved: dict[Path_, Path_] = {}
    for choice in assume:
        data, moved = _assumed(data, choice, moved)
    study = validated(data, document, moved)
    if not assume:
        _try_assumptions(study, document)
    return study, document


def _try_assumptions(study: Study, document: Document) -> None:
    """An assumption nobody has chosen yet must still be right on the day someone does."""
    for choice in study.assumptions:
        data, moved = _assumed(document.data, choice, {})
        validated(data, document, moved)


def validated(data: Any, document: Document, moved: Mapping[Path_, Path_]) -> Study:
    """Validate plain data as a study; ``moved`` says where values that an assumption set stand in the file."""
    try:
        study = Study.model_validate(data)
    except ValidationError as error:
        raise DefinitionError([_problem(e, document, moved) for e in _sorted_out(error)]) from None
    problems = [
        Problem(dotted(path), found, allowed, remedy, *_place(document, path, moved, key), document.name)
        for path, found, allowed, remedy, key in check_references(study)
    ]
    if problems:
        raise DefinitionError(problems)
    return study


# ---------------------------------------------------------------- assumptions


def _assumed(data: Any, choice: str, moved: dict[Path_, Path_]) -> tuple[Any, dict[Path_, Path_]]:
    offered = data.get("assumptions") if isinstance(data, dict) else None
    known = list(offered) if isinstance(offered, dict) else []
    if choice not in known:
        close = get_close_matches(choice, known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        raise PlanError(f"there is no assumption {choice!r}; offered are: {', '.join(known) or 'none'}.{hint}")
    assumption = offered[choice]  # type: ignore[index]
    sets = assumption.get("sets") if isinstance(assumption, dict) else None
    if not isinstance(sets, dict):
        return data, moved
    reason = f"{assumption.get('title', choice)}: {assumption.get('reason', '')}".rstrip(": ")
    root: Path_ = ("assumptions", choice, "sets")
    merged = _merged(data, sets, reason, (), root, moved)
    return merged, moved


def _merged(old: Any, new: Any, reason: str, path: Path_, root: Path_, moved: dict[Path_, Path_]) -> Any:
    """``new`` laid over ``old``; every value set is marked as assumed, with the reason, where it lands."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        moved[path] = (*root, *path)
        return new
    result = dict(old)
    values = [key for key, value in new.items() if not isinstance(value, dict) or key not in old]
    for key, value in new.items():
        result[key] = _merged(old.get(key), value, reason, (*path, key), root, moved)
    marks = [key for key in values if not isinstance(new[key], dict)]
    if marks and len(path) >= 2:
        result["assumed"] = {**_mapping(old.get("assumed")), **{k: reason for k in marks if k != "assumed"}}
        left = {k: v for k, v in _mapping(old.get("not_stated")).items() if k not in marks}
        if "not_stated" in old:
            result["not_stated"] = left
    return result


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


# ---------------------------------------------------------------- problems in words


def _sorted_out(error: ValidationError) -> list[Any]:
    """The errors that say something: not those of union branches that were never meant."""
    return [e for e in error.errors(include_url=False) if "function-" not in str(e["loc"][-1:])]


def _problem(error: Any, document: Document, moved: Mapping[Path_, Path_]) -> Problem:
    path = tuple(part for part in error["loc"])
    path = tuple(_NAMES.get(part, part) if isinstance(part, str) else part for part in path)
    found, allowed, remedy = _said(error, path)
    line, column = _place(document, path, moved, error["type"] == "extra_forbidden")
    return Problem(dotted(path), found, allowed, remedy, line, column, document.name)


def _place(document: Document, path: Path_, moved: Mapping[Path_, Path_], key: bool) -> tuple[int, int]:
    for length in range(len(path), 0, -1):
        if path[:length] in moved:
            return document.place((*moved[path[:length]], *path[length:]), key=key)
    return document.place(path, key=key)


def _said(error: Any, path: Path_) -> tuple[str, str, str]:
    kind, name = error["type"], str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        close = get_close_matches(name, known, n=1, cutoff=0.6)
        remedy = f"did you mean {close[0]}?" if close else "remove it, or move it where it belongs"
        return f"the key {name!r} is not known here", f"known keys are {', '.join(known)}" if known else "", remedy
    if kind == "missing":
        return f"{name}: is missing", "", f"add {name}: and its value"
    if kind == "literal_error":
        return f"found {error['input']!r}", f"allowed are {error['ctx']['expected']}", ""
    if kind in ("dict_type", "model_type", "model_attributes_type", "tuple_type", "list_type"):
        shape = "a list" if kind in ("tuple_type", "list_type") else "keys with values"
        return f"found {_shape(error['input'])}", f"{shape} is expected here", "indent what belongs below it"
    if kind == "string_type":
        return f"found {_shape(error['input'])}", "a text is expected here", "write one line of text"
    if kind == "string_pattern_mismatch":
        return f"found {error['input']!r}", "a key has letters, digits, - _ and . and starts with a letter or digit", ""
    if kind in ("too_short", "string_too_short"):
        return "it is empty", "at least one entry is needed", ""
    return str(error["msg"]).removeprefix("Value error, "), "", ""


def _shape(value: Any) -> str:
    names = {dict: "keys with values", list: "a list", type(None): "nothing"}
    return names.get(type(value), f"{value!r}" if isinstance(value, str) else type(value).__name__)


def _keys_at(path: Path_) -> list[str]:
    """The keys allowed at a place of the definition."""
    model: Any = Study
    for part in path:
        model = _inside(model, part)
        if model is None:
            return []
    return _field_names(model) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _field_names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _inside(model: Any, part: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        field = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
        return _model_in(field.annotation) if field is not None else None
    if isinstance(model, tuple):
        return model[0]
    return None


def _model_in(annotation: Any) -> Any:
    """A model, or a model in a tuple where a key or an index comes first."""
    if isinstance(annotation, type) and issubclass(annotation, models.Model):
        return annotation
    arguments = [a for a in get_args(annotation) if a not in (type(None), Ellipsis)]
    for argument in reversed(arguments):
        inner = _model_in(argument)
        if inner is not None:
            container = getattr(annotation, "__origin__", None) in (dict, tuple, list)
            return (inner,) if container else inner
    return None
