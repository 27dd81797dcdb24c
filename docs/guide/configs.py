"""Reference of config keys, from the models that read them."""

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bench.kinds.registry import KINDS, get_kind
from guide.markdown import summary, table


def configs_page() -> str:
    """Every key of every kind of config, with its type, limits and default."""
    text = (
        "# Config keys\n\nA config is a YAML file; `kind` says which of these it is, and an "
        "experiment needs none. Unknown keys are refused. Examples: `bench/configs/`.\n"
    )
    shown: set[type[BaseModel]] = set()
    for kind in KINDS:
        model = get_kind(kind).config
        text += f"\n## `kind: {kind}`\n\n{summary(model.__doc__)}\n\n{_keys(model)}"
        shown.add(model)
        for section in _sections(model):
            if section not in shown:
                shown.add(section)
                text += (
                    f"\n### {section.__name__}\n\n{summary(section.__doc__)}\n\n{_keys(section)}"
                )
    return text


def _keys(model: type[BaseModel]) -> str:
    rows = [
        (f"`{name}`", f"`{_type(field.annotation)}`", _limits(field), _default(field))
        for name, field in model.model_fields.items()
    ]
    return table(["key", "type", "limits", "default"], rows)


def _sections(model: type[BaseModel]) -> list[type[BaseModel]]:
    found = []
    for field in model.model_fields.values():
        for section in _models_in(field.annotation):
            found += [section, *_sections(section)]
    return list(dict.fromkeys(found))


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _type(annotation: Any) -> str:
    if isinstance(annotation, type) and not get_args(annotation):
        return "null" if annotation is type(None) else annotation.__name__
    parts = [part if isinstance(part, str) else _type(part) for part in get_args(annotation)]
    name = getattr(annotation, "__origin__", None)
    if name in (list, tuple, dict):
        return f"{name.__name__}[{', '.join(map(str, parts))}]"
    if parts and hasattr(annotation, "__metadata__"):
        return str(parts[0])
    return " or ".join(map(str, parts)) or str(annotation)


def _limits(field: FieldInfo) -> str:
    signs = {
        "ge": "≥",
        "gt": ">",
        "le": "≤",
        "lt": "<",
        "min_length": "at least",
        "pattern": "like",
    }
    rules = []
    for rule in [*field.metadata, *_inner(field.annotation)]:
        for name, sign in signs.items():
            value = getattr(rule, name, None)
            if value is not None:
                rules.append(f"{sign} {value}" if name != "pattern" else f"`{value}`")
    return ", ".join(dict.fromkeys(rules))


def _inner(annotation: Any) -> list[Any]:
    own: list[Any] = []
    for rule in getattr(annotation, "__metadata__", ()):
        own += [rule, *getattr(rule, "metadata", ())]
    for part in get_args(annotation):
        own += _inner(part)
    return own


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = (
        field.default
        if field.default is not PydanticUndefined
        else field.get_default(call_default_factory=True, validated_data={})
    )
    if isinstance(value, BaseModel):
        return "see below"
    if isinstance(value, list) and value and isinstance(value[0], BaseModel):
        return ", ".join(f"`{one.model_dump()}`" for one in value)
    if value == "":
        return "empty"
    return "`null`" if value is None else f"`{value}`"
