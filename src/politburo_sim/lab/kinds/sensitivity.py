"""Which parameters move the outcome: Morris screening, then Sobol indices."""

from __future__ import annotations

from typing import Literal, Self

from politburo_sim.files.toml import Source
from politburo_sim.lab import sensitivity as lab
from politburo_sim.lab.bench import Bench, Effort
from politburo_sim.lab.plan import Experiment, Results, Whole
from politburo_sim.lab.sources import world_of


class Sensitivity(Experiment):
    """All sampled parameters over their priors; what moves the chance of sole rule, or the distance
    from the record.
    """

    small = Effort(32, 8)
    at_each = "design points"
    over_ensemble = False

    kind: Literal["sensitivity"]
    trajectories: Whole
    samples: Whole
    replicates: Whole
    of: Literal["sole-rule", "record"] = "sole-rule"

    def checked(self, source: Source) -> Self:
        """Sobol points are a power of two."""
        if self.samples & (self.samples - 1):
            raise source.error(
                ("samples",), "not a power of two, which Sobol points need", given=self.samples,
                allowed=f"such as {1 << self.samples.bit_length()}",
            )  # fmt: skip
        return self

    @property
    def folder(self) -> str:
        """The name of its results."""
        return super().folder + ("-of-record" if self.of == "record" else "")

    def usual(self, quick: bool) -> Effort:
        """Base samples, and histories of each point; trajectories keep their proportion."""
        return self.small if quick else Effort(self.samples, self.replicates)

    def _trajectories(self, effort: Effort) -> int:
        return max(2, round(self.trajectories * effort.draws / self.samples))

    def size(self) -> int:
        """Points of both methods over the base samples."""
        number = len(lab.live_problem().names)
        return (number + 1) * self.trajectories // self.samples + number + 2

    def work(self, effort: Effort) -> int:
        """Histories at the points of both methods."""
        number = len(lab.live_problem().names)
        points = (number + 1) * self._trajectories(effort) + (number + 2) * effort.draws
        return points * effort.replicates

    def how(self, effort: Effort, seed: int) -> str:
        """How it was laid out."""
        return (
            f"Morris: {self._trajectories(effort)} trajectories; Sobol: {effort.draws} base "
            f"samples; {effort.replicates} histories at each point, which share their luck. All "
            "live parameters, over the priors of the calibration."
        )

    def run(self, bench: Bench) -> Results:
        """The tables `morris` and `sobol`."""
        effort, problem, world = bench.effort, lab.live_problem(), self.built()
        model = lab.over_points(world, problem, effort.replicates, bench.seed, self.of, bench.tell)
        said = [self.kind, self.of, world_of(world), problem.as_salib()]
        bench.tell(0, "Morris")
        number = self._trajectories(effort)
        morris = bench.kept(
            [*said, "morris", number], lambda: lab.morris(problem, model, number, bench.seed)
        )
        bench.tell(0, "Sobol")
        sobol = bench.kept(
            [*said, "sobol"], lambda: lab.sobol(problem, model, effort.draws, bench.seed)
        )
        return Results(self, bench, extra={"sobol": sobol, "morris": morris})


KIND = Sensitivity
