"""The one error that this package raises on purpose."""


class ModelError(Exception):
    """A model file or data folder cannot be used; the message says what to do."""
