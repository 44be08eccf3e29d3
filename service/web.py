"""What the web server loads in the process that serves."""

from service.imports import uncollected

with uncollected():
    from service.app import create

__all__ = ["create"]
