"""Put the worlds, questions, claims and records into a wheel, and only into a wheel.

Hatch copies plain forced includes on an editable install too, where the copies go stale unseen;
from source the package reads the checkout's folders (`politburo_sim.files.locate`).
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("scenarios", "experiments", "seeds", "records")


class ShippedFiles(BuildHookInterface):
    """The build hook that Hatch finds in this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the folders to a standard wheel."""
        if version == "standard":
            for name in SHIPPED:
                source = str(Path(self.root) / name)
                build_data["force_include"][source] = f"politburo_sim/data/{name}"
