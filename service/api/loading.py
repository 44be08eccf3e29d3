"""Loading checked objects from data, with a JSON pointer for each thing that is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from service.domain.errors import FieldError, Invalid


def load(schema: Schema, data: Any) -> Any:
    """What `schema` makes of `data`; raises Invalid with a pointer for each wrong field."""
    try:
        return schema.load(data)
    except ValidationError as error:
        found = tuple(_field_errors(error.messages, ""))
        raise Invalid("; ".join(_in_words(item) for item in found), fields=found) from error


def _field_errors(messages: Any, pointer: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            step = "" if name == "_schema" else "/" + _escaped(str(name))
            yield from _field_errors(inner, pointer + step)
    elif isinstance(messages, list):
        yield FieldError(pointer or "/", " ".join(str(message) for message in messages))


def _escaped(name: str) -> str:
    readable = name.encode("utf-8", "replace").decode()
    return readable.replace("~", "~0").replace("/", "~1")[:100]


def _in_words(field: FieldError) -> str:
    return f"{field.pointer}: {field.detail}"
