"""How does a file become a study? Read with its places, assumptions applied, every problem named at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from regimen.definition.models import Study
from regimen.definition.reading import Document, dotted, read_document
from regimen.definition.references import Complaint, check_references
from regimen.definition.values import shape
from regimen.errors import DefinitionError, PlanError, Problem

Path_ = tuple[str | int, ...]
MOST_PROBLEMS = 20
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
        wrong = _sorted_out(error)
        problems = [_problem(e, document, moved) for e in wrong]
        raise DefinitionError(_first(problems + _further(data, wrong, document, moved), document)) from None
    problems = [_unfounded(complaint, document, moved) for complaint in check_references(study)]
    if problems:
        raise DefinitionError(_first(problems, document))
    return study


def _first(problems: list[Problem], document: Document) -> list[Problem]:
    """As many as fit on a screen, in file order, and how many more there are."""
    shown = sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))[:MOST_PROBLEMS]
    if len(problems) > len(shown):
        more = f"{len(problems) - len(shown):,} more problems are not shown"
        last = shown[-1]
        shown.append(Problem("", more, "", "correct these first and try again", last.line, last.column, document.name))
    return shown


def _unfounded(complaint: Complaint, document: Document, moved: Mapping[Path_, Path_]) -> Problem:
    path, found, allowed, remedy, key = complaint
    return Problem(dotted(path), found, allowed, remedy, *_place(document, path, moved, key), document.name)


def _further(data: Any, wrong: list[Any], document: Document, moved: Mapping[Path_, Path_]) -> list[Problem]:
    """What else is wrong, so that all is told at once: the rest of the definition, without its wrong values."""
    paths = [_path(error) for error in wrong if error["type"] != "missing"]
    if any(_is_name(_path(error)) for error in wrong if error["type"] != "extra_forbidden"):
        return []
    try:
        study = Study.model_validate(_without(data, paths))
    except ValidationError:
        return []
    untouched = [c for c in check_references(study) if not any(c[0][: len(p)] == p[: len(c[0])] for p in paths)]
    return [_unfounded(complaint, document, moved) for complaint in untouched]


def _is_name(path: Path_) -> bool:
    """Whether other values may mention what stands here; without it they would be blamed for nothing."""
    return path[0] != "study" and (len(path) <= 2 or (path[2] == "doses" and len(path) <= 4))


def _without(value: Any, paths: Sequence[Path_]) -> Any:
    """``value`` with nothing at ``paths``, or with what nobody could complain about; a list with a hole is left out."""
    if not isinstance(value, dict):
        return value
    result = dict(value)
    for key in {str(path[0]) for path in paths if path}:
        below = [path[1:] for path in paths if path and path[0] == key]
        inside = result.get(key)
        if () in below and key in _HARMLESS:
            result[key] = _HARMLESS[key]
        elif () in below or not isinstance(inside, dict):
            result.pop(key, None)
        else:
            result[key] = _without(inside, below)
    return result


_HARMLESS = {
    "dose": "not stated", "when": "not stated", "cycles": "28 d x1", "weeks": "elapsed", "first_day": "0",
    "id": "unknown", "title": "unknown",
}  # fmt: skip


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
    values = [key for key, value in new.items() if not isinstance(value, dict) or not isinstance(old.get(key), dict)]
    for key, value in new.items():
        result[key] = _merged(old.get(key), value, reason, (*path, key), root, moved)
    # A dose by bands is one value, although it is written as keys.
    marks = [key for key in values if not isinstance(new[key], dict) or key == "dose"]
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
    errors = [e for e in error.errors(include_url=False) if "function-" not in str(e["loc"][-1:])]
    return [e for e in errors if not _only_too_short_without_wrong_ones(e)]


def _only_too_short_without_wrong_ones(error: Any) -> bool:
    """Entries that are wrong, and told so, are no reason to ask for more of them."""
    return error["type"] == "too_short" and bool(len(error["input"]) >= error["ctx"]["min_length"])


def _path(error: Any) -> Path_:
    parts = error["loc"][:-1] if error["loc"][-1:] == ("[key]",) else error["loc"]
    return tuple(_NAMES.get(part, part) if isinstance(part, str) else part for part in parts)


def _problem(error: Any, document: Document, moved: Mapping[Path_, Path_]) -> Problem:
    path = _path(error)
    key = error["type"] == "extra_forbidden" or "[key]" in error["loc"]
    return Problem(dotted(path), *_said(error, path), *_place(document, path, moved, key), document.name)


def _place(document: Document, path: Path_, moved: Mapping[Path_, Path_], key: bool) -> tuple[int, int]:
    for length in range(len(path), 0, -1):
        if path[:length] in moved:
            return document.place((*moved[path[:length]], *path[length:]), key=key)
    return document.place(path, key=key)


def _said(error: Any, path: Path_) -> tuple[str, str, str]:
    """What was found, what is allowed and what to do, in words for the writer of the file."""
    kind, given, limits = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path)
    if kind == "missing":
        return "it is missing", _about(path), f"add {path[-1]}: and its value"
    if kind == "literal_error":
        return _not_offered(given, limits["expected"])
    if kind in ("tuple_type", "list_type"):
        return f"found {shape(given)}", "expected is a list, such as [first, second]", "put it in square brackets"
    if kind in ("dict_type", "model_type", "model_attributes_type"):
        short = _SHORT.get(str(path[0])) if len(path) == 2 else None
        allowed = f"expected is {short or 'keys with values'}"
        return f"found {shape(given)}", allowed, "" if short else "write key: value lines below it, indented further"
    if kind == "string_type":
        return f"found {shape(given)}", "expected is a text", "write one line of text"
    if kind == "string_pattern_mismatch":
        allowed = "a key has letters, digits, - _ and . and starts with a letter or digit"
        return f"found {shape(given)}", allowed, _as_key(given)
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return _of_wrong_length(kind, given, limits)
    return str(error["msg"]).removeprefix("Value error, "), "", ""


_SHORT = {
    "arms": "a list of epochs, such as [treatment, follow-up]",
    "anchors": "what happens on that date, such as: first infusion",
}


def _unknown_key(path: Path_) -> tuple[str, str, str]:
    known = _keys_at(path[:-1])
    close = get_close_matches(str(path[-1]), known, n=1, cutoff=0.6)
    remedy = f"did you mean {close[0]}?" if close else "remove it, or move it where it belongs"
    allowed = f"known keys are {', '.join(known)}" if known else ""
    return f"the key {shape(path[-1])} is not known here", allowed, remedy


def _about(path: Path_) -> str:
    """What a missing key is for."""
    model = _model_at(path[:-1])
    fields = model.model_fields.values() if model is not None else ()
    names = model.model_fields if model is not None else ()
    said = next((f.description for n, f in zip(names, fields, strict=True) if path[-1] in (n, f.alias)), None) or ""
    return f"it says {said[:1].lower()}{said[1:]}".rstrip(".") if said else ""


def _not_offered(given: Any, expected: str) -> tuple[str, str, str]:
    options = re.findall(r"'([^']*)'", expected)
    close = get_close_matches(str(given), options, n=1, cutoff=0.6)
    remedy = f"did you mean {close[0]}?" if close else "choose one of them"
    return (
        f"found {shape(given)}",
        f"allowed is {' or '.join(options)}",
        remedy if options[1:] else f"write {options[0]}",
    )


def _as_key(given: str) -> str:
    tidy = re.sub(r"[^A-Za-z0-9_.-]+", "-", given).strip("-_.")[:80]
    return f"write {tidy}" if tidy else "choose another key"


def _of_wrong_length(kind: str, given: Any, limits: Mapping[str, Any]) -> tuple[str, str, str]:
    one, many = ("character", "characters") if kind.startswith("string") else ("entry", "entries")
    size = f"it has {len(given):,} {one if len(given) == 1 else many}" if given else "it is empty"
    if kind.endswith("long"):
        return size, f"at most {limits['max_length']:,} {many}", "shorten it"
    least = limits["min_length"]
    return size, f"at least {least} {one if least == 1 else many}", "add what is missing"


def _keys_at(path: Path_) -> list[str]:
    """The keys allowed at a place of the definition."""
    model = _model_at(path)
    return [field.alias or name for name, field in model.model_fields.items()] if model is not None else []


def _model_at(path: Path_) -> type[BaseModel] | None:
    model: Any = Study
    for part in path:
        model = _inside(model, part)
    return model if isinstance(model, type) and issubclass(model, BaseModel) else None


def _inside(model: Any, part: str | int) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        field = next((f for n, f in model.model_fields.items() if part in (n, f.alias)), None)
        return _model_in(field.annotation) if field is not None else None
    if isinstance(model, tuple):
        return model[0]
    return None


def _model_in(annotation: Any) -> Any:
    """A model, or a model in a tuple where a key or an index comes first."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    arguments = [a for a in get_args(annotation) if a not in (type(None), Ellipsis)]
    for argument in reversed(arguments):
        inner = _model_in(argument)
        if inner is not None:
            container = getattr(annotation, "__origin__", None) in (dict, tuple, list)
            return (inner,) if container else inner
    return None
