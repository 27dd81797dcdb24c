"""Adds the ``imgsig-bench`` command to editable installs only.

The harness (``bench``, ``datasets``) runs from the clone; a published wheel has ``imgsig`` alone,
and so must not carry a command whose package it lacks.
"""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            build_data["shared_scripts"]["bench/imgsig-bench"] = "imgsig-bench"
