"""Members for the test of the Mesa driver in processes; a process has to be able to import them."""

import os
import signal
from typing import Any

from politburo_sim.run.member import Member


class Same(Member):
    """Decides as any member does."""


class Contrary(Member):
    """Says yes where any member would say no."""

    def lean(self, question: Any) -> float:
        return 1.0 - super().lean(question)


class Mortal(Member):
    """Ends the process that he is asked in, as a system short of memory does."""

    def lean(self, question: Any) -> float:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0.0
