"""The global ``ui``: every macro of ``templates/ui`` under one name, in pages as in blocks rendered alone."""

from collections.abc import Callable
from functools import cached_property

from jinja2 import Environment
from markupsafe import Markup

FILES = ("page", "status", "lists", "tables", "forms", "acts", "charts", "icons")


class Macros:
    """``ui.button(…)`` finds the macro ``button`` in whichever file of ``templates/ui`` defines it."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name.startswith("_") or name not in self._homes:
            raise AttributeError(f"no macro {name!r} in templates/ui")
        macro: Callable[..., Markup] = getattr(self._module(self._homes[name]), name)
        return macro

    def _module(self, file: str) -> object:
        return self._environment.get_template(f"ui/{file}.html").module

    @cached_property
    def _homes(self) -> dict[str, str]:
        homes: dict[str, str] = {}
        for file in FILES:
            for name in vars(self._module(file)):
                if not name.startswith("_") and name in homes:
                    raise ValueError(
                        f"macro {name} is defined in ui/{homes[name]}.html and in ui/{file}.html"
                    )
                homes[name] = file
        return homes
