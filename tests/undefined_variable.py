"""Makes a test fail when a template of ours names a variable that is not there.

Django puts `string_if_invalid` in the place of such a variable. This one looks up the stack for the template in hand.
Django's own templates rely on undefined variables, and so do those that take their place in the admin; they get "".
"""

import inspect
from pathlib import Path

import pytest
from django.template.base import FilterExpression, Node


class UndefinedVariable(str):
    """The empty text, except in our templates, where it fails the test."""

    def __new__(cls, folder: Path) -> "UndefinedVariable":
        """folder holds the templates that are ours."""
        self = super().__new__(cls, "")
        self.folder = folder
        return self

    def __bool__(self) -> bool:
        """True for Django alone, which then hands over the variable; false, as "" is, for `{% if %}` and for filters.

        Those meet it too: where a one-to-one relation leads to nothing, Django goes on with `string_if_invalid`.
        """
        asked_by = inspect.currentframe().f_back.f_code
        return asked_by is FilterExpression.resolve.__code__ and self._template_of_ours() is not None

    def __contains__(self, key: str) -> bool:
        """Django asks whether the name of the variable should be put in."""
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        """Django hands over the variable."""
        pytest.fail(f"{self._template_of_ours()} names {variable}, which is not defined", pytrace=False)

    def _template_of_ours(self) -> Path | None:
        frame = inspect.currentframe()
        while frame:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None):
                path = Path(node.origin.name)
                ours = path.is_relative_to(self.folder) and not path.is_relative_to(self.folder / "admin")
                return path.relative_to(self.folder) if ours else None
            frame = frame.f_back
        return None
