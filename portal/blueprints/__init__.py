"""The pages, a folder for each noun: parse, call, show."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from portal.web.blueprint import PortalBlueprint

BLUEPRINTS: tuple[PortalBlueprint, ...] = tuple(
    import_module(f"{__name__}.{found.name}").blueprint for found in iter_modules(__path__) if found.ispkg
)
