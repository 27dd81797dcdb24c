"""Configs: YAML files checked against pydantic models, with errors that name the key."""

from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bench.errors import ExperimentError


class Section(BaseModel):
    """A part of a config: unknown keys are refused, types are not coerced."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Config = TypeVar("Config", bound=BaseModel)


def read_config(path: str | Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping.

    Parameters
    ----------
    path : path
        A YAML file.

    Returns
    -------
    dict

    Raises
    ------
    ExperimentError
        If the file is missing, no YAML, or holds something else.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise ExperimentError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        config = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise ExperimentError(f"{path}: is not valid YAML: {error}") from error
    if not isinstance(config, dict):
        raise ExperimentError(f"{path}: holds no mapping; see bench/configs/ for examples")
    return config


def load_config(path: str | Path, model: type[Config]) -> Config:
    """Read and check a config.

    Parameters
    ----------
    path : path
        A YAML file.
    model : type
        The pydantic model it must be.

    Returns
    -------
    model

    Raises
    ------
    ExperimentError
        If the file is missing, no YAML, or not valid; the message lists every wrong key with what
        is allowed there.
    """
    config = read_config(path)
    try:
        return model.model_validate(config)
    except ValidationError as error:
        problems = "\n".join(f"  {_problem(detail, model)}" for detail in error.errors())
        raise ExperimentError(f"{path} is not a valid config:\n{problems}") from error


def _problem(detail: Any, model: type[BaseModel]) -> str:
    key = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        beside = ", ".join(_keys_beside(detail["loc"], model))
        return f"{key}: unknown key; allowed beside it: {beside}"
    message = detail["msg"].removeprefix("Value error, ")
    if detail["type"] == "string_pattern_mismatch":
        message = f"must match {detail['ctx']['pattern']}"
    return f"{key}: {message} (got {detail['input']!r})" if key else message


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
