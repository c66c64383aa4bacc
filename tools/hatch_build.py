"""Part of building the wheel: the finished browser files and the compiled translations go inside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

import static_files
import translations


class WithAssets(BuildHookInterface):  # type: ignore[type-arg]
    """A checkout installed for work gets its assets from the Makefile instead, when they change."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or self.target_name != "wheel":
            return
        static_files.build_static()
        translations.compile_all()
