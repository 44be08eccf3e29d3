"""The comment classifier: a leaf package that also works as a library (see docs/models.md)."""
