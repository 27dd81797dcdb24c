"""Configs: YAML files checked against pydantic models, and the one canonical form of a config."""

import hashlib
import json
import reprlib
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import YAMLError

from bench.runs.errors import ExperimentError

#: A config is written by hand; beyond these it is something else, or meant to do harm. Values are
#: counted with what aliases stand for.
MAX_BYTES = 1_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 32
MAX_INTEGER = 2**63 - 1
MAX_PROBLEMS = 20
#: What the reader raises beside its own errors: of tags whose content is not what they say, of
#: dates and numbers that are none, of nesting without end.
_UNREADABLE = (YAMLError, ValueError, LookupError, ArithmeticError, TypeError, RecursionError)
_shown = reprlib.Repr()
_shown.maxstring = _shown.maxother = 120
Config = TypeVar("Config", bound=BaseModel)


def canonical_json(config: Any) -> str:
    """JSON with sorted keys and no spaces: equal configurations give equal text.

    >>> canonical_json({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(
        config, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def short_hash(config: Any, length: int = 8) -> str:
    """First hexadecimal digits of the SHA-256 of the canonical form.

    >>> short_hash({"k": 16})
    '87a31054'
    """
    return hashlib.sha256(canonical_json(config).encode()).hexdigest()[:length]


class Section(BaseModel):
    """A part of a config: unknown keys are refused, types are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def read_config(path: str | Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise ExperimentError(f"{path}: is larger than {MAX_BYTES:,} bytes; is this a config?")
    try:
        config = YAML(typ="safe", pure=True).load(data.decode("utf-8"))
    except DuplicateKeyError as error:
        raise ExperimentError(f"{path}: {_repeated(error)}") from error
    except _UNREADABLE as error:
        said = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ExperimentError(f"{path}: is not valid YAML: {said}") from error
    if not isinstance(config, dict):
        raise ExperimentError(f"{path}: is not a mapping; see bench/configs/ for examples")
    _check_bounds(config, path)
    return config


def _repeated(error: DuplicateKeyError) -> str:
    """Where a key is repeated; the reader also quotes values, and tells how to let it pass."""
    line = error.problem_mark.line + 1
    return f"line {line} repeats a key that stands before it; give it once"


def _check_bounds(config: dict[Any, Any], path: str | Path) -> None:
    """Raise `ExperimentError` for what no config holds, and what would be expanded without end."""
    pending: list[tuple[Any, int]] = [(config, 0)]
    values = 0
    while pending:
        value, depth = pending.pop()
        values += 1
        if values > MAX_VALUES or depth > MAX_DEPTH:
            raise ExperimentError(
                f"{path}: holds more than {MAX_VALUES:,} values, or nests them deeper than "
                f"{MAX_DEPTH}, once its aliases are expanded; write it without aliases"
            )
        if isinstance(value, dict):
            if others := [key for key in value if not isinstance(key, str)]:
                raise ExperimentError(f"{path}: the key {_shown.repr(others[0])} is not text")
            pending += ((part, depth + 1) for pair in value.items() for part in pair)
        elif isinstance(value, list):
            pending += ((part, depth + 1) for part in value)
        elif isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise ExperimentError(f"{path}: {_shown.repr(value)} is too large for a number")
        elif isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise ExperimentError(f"{path}: {ascii(value)[:120]} holds half a character")


def load_config(path: str | Path, model: type[Config]) -> Config:
    """Read and check a config."""
    config = read_config(path)
    try:
        return model.model_validate(config)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [f"  {_problem(detail, model)}" for detail in details[:MAX_PROBLEMS]]
        if len(details) > MAX_PROBLEMS:
            problems.append(f"  and {len(details) - MAX_PROBLEMS:,} more")
        listed = "\n".join(problems)
        raise ExperimentError(f"{path} is not a valid config:\n{listed}") from error


def _problem(detail: Any, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        beside = ", ".join(_keys_beside(detail["loc"], model))
        return f"{key}: unknown key; allowed beside it: {beside}"
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_pattern_mismatch":
        message = f"must match {detail['ctx']['pattern']}"
    return f"{key}: {message} (got {_shown.repr(detail['input'])})" if key else message


def _keys_beside(location: tuple[Any, ...], model: type[BaseModel]) -> list[str]:
    """Keys that are allowed where the key at `location` stands."""
    section: Any = model
    for part in location[:-1]:
        if isinstance(part, str):
            section = _section_in(section.model_fields[part].annotation)
    return list(section.model_fields)


def _section_in(annotation: Any) -> Any:
    """The section class in an annotation such as ``list[NamedVariant]`` or ``Matrix | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inside = (_section_in(argument) for argument in get_args(annotation))
    return next((section for section in inside if section is not None), None)
