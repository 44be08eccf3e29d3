"""A short way for what is plainly right: a sixth of marshmallow's time, and none of its rules.

Built from a schema's own fields and validators, so nothing is said twice. It knows text, nested
parts, and all else by marshmallow; whatever is not plainly right is not judged here but
given to marshmallow, which finds the words for what is wrong. A test holds the two together.
"""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields

from service.api.loading import load
from service.api.schemas import Identifier, Part, Words
from service.domain.comment import UNSTORABLE

Reader = Callable[[Any], Any]


class _NotPlain(Exception):
    """This is for marshmallow to judge."""


def quick(schema: Part) -> Reader:
    """A function that does what `load(schema, …)` does, and most of the time faster."""
    read = _part(schema)

    def loaded(data: Any) -> Any:
        try:
            return read(data)
        except (_NotPlain, ValidationError):
            return load(schema, data)

    return loaded


def _part(schema: Part) -> Reader:
    readers = {name: _field(field) for name, field in schema.load_fields.items()}
    required = {name for name, field in schema.load_fields.items() if field.required}
    # Parts are frozen, so one default serves all.
    defaults = {
        name: field.load_default() if callable(field.load_default) else field.load_default
        for name, field in schema.load_fields.items()
        if name not in required
    }
    make = schema.part

    def read(data: Any) -> Any:
        if type(data) is not dict or not required <= data.keys():
            raise _NotPlain
        values = dict(defaults)
        for name, value in data.items():
            reader = readers.get(name)
            if reader is None:
                raise _NotPlain
            if value is not None or name in required:
                values[name] = reader(value)
        return make(**values)

    return read


def _field(field: "fields.Field[Any]") -> Reader:
    if isinstance(field, fields.Nested):
        schema: Schema = field.schema
        assert isinstance(schema, Part)
        return _part(schema)
    if type(field) in (Words, Identifier, fields.String):
        return _text(field)
    return field.deserialize


def _text(field: "fields.Field[Any]") -> Reader:
    validators, search = tuple(field.validators), UNSTORABLE.search

    def read(value: Any) -> Any:
        if type(value) is not str or search(value):
            raise _NotPlain
        for validate in validators:
            validate(value)
        return value

    return read
