"""The command of the signs of the literature, and of what else tells whether to believe it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from politburo_sim.cli import complete
from politburo_sim.cli.progress import progress
from politburo_sim.cli.settings import Json, Out, Quiet, Seed, Workers, left_in
from politburo_sim.cli.told import echo_json

if TYPE_CHECKING:
    import pandas as pd


def signs(
    scenario: Annotated[str, typer.Argument(help="A world.", autocompletion=complete.worlds)],
    runs: Annotated[int, typer.Option(min=10, help="Histories, each of another draw.")] = 300,
    cloud: Annotated[
        int, typer.Option(min=50, help="Histories of prior and ensemble round the record.")
    ] = 400,
    seed: Seed = 0,
    out: Out = None,
    workers: Workers = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Signs of the literature beside histories and the record.

    Leaves signs.csv and, for the world that the rules were fitted to, misfit.csv (Mahalanobis
    ranks) and divisions.csv (recorded divisions in the landscape of the bonds); that is a look at
    the check patterns, and counted in results/scores/looks.csv.

    Example: politburo-sim signs ussr-1922 --runs 20 --out a-trial
    """
    from politburo_sim.lab.bodies import basins, recorded_signs
    from politburo_sim.lab.bodies import signs as lab
    from politburo_sim.lab.ensemble import load_ensemble
    from politburo_sim.lab.fit.calibration import load_plan
    from politburo_sim.lab.provenance import typed, write_manifest
    from politburo_sim.lab.sheets import write_tables
    from politburo_sim.worlds.scenario import load_scenario
    from politburo_sim.worlds.world import build_world

    world = build_world(load_scenario(scenario))
    fitted = load_plan().scenario == scenario
    name = "signs" if fitted else f"signs-{world.scenario.name}"
    folder = left_in(out, name, kind="signs")
    with progress("Histories", runs + 2 * cloud * fitted, quiet or as_json, world) as tell:
        tallies = lab.tallied(world, load_ensemble(), runs, seed, tell)
        recorded = recorded_signs.recorded(world) if fitted else None
        found = {"signs": lab.table(tallies, recorded)}
        if fitted:
            found |= {
                "misfit": _misfit(cloud, seed, workers, tell),
                "divisions": basins.divisions(world),
            }
    write_tables(folder, found, digits=4)
    write_manifest(
        folder, kind="signs", scenario=scenario, seed=seed, runs=runs, cloud=cloud,
        command=typed("signs", scenario, runs=runs, cloud=cloud, seed=seed),
    )  # fmt: skip
    if as_json:
        echo_json({name: table.to_dict("records") for name, table in found.items()})
    elif not quiet:
        typer.echo("\n".join(_said(found["signs"], runs)))
        if fitted:
            typer.echo("\n".join(["", *_ranks(found["misfit"]), ""]))
            typer.echo(basins.told(found["divisions"]).round(2).to_string(index=False))
        typer.echo(f"Tables: {folder}")


def _misfit(cloud: int, seed: int, workers: int | None, tell: Any) -> pd.DataFrame:
    """Return the ranks of the record in a cloud of the prior and in one of the ensemble."""
    import numpy as np
    import pandas as pd

    from politburo_sim.lab.ensemble import Ensemble, load_ensemble
    from politburo_sim.lab.fit.calibration import draw_prior, load_plan
    from politburo_sim.lab.fit.check import fresh, scored
    from politburo_sim.lab.fit.misfit import misfit, vectors
    from politburo_sim.lab.fit.models import look
    from politburo_sim.lab.kinds.scores import LOOKS

    plan, patterns = load_plan(), scored()
    world = plan.built()
    drawn = Ensemble(draw_prior(plan, cloud, seed, 14), np.full(cloud, 1 / cloud))
    parts = []
    for name, sets in (("prior", drawn), ("ensemble", load_ensemble().thin(cloud))):
        runs = fresh(plan, sets, 1, patterns=patterns, workers=workers, tell=tell)
        names, histories, record = vectors(runs, patterns, world)
        parts.append(misfit(names, histories, record).assign(cloud=name))
    look(LOOKS, seed, "model", cloud)
    table = pd.concat(parts, ignore_index=True)
    return table[["cloud", *(column for column in table if column != "cloud")]]


def _said(table: pd.DataFrame, runs: int) -> list[str]:
    lines = [f"{'':4} {runs} histories", ""]
    for row in table.itertuples():
        number = "" if row.number != row.number else f"{row.number:.2f} ± {row.error:.2f}"
        record = "" if row.record != row.record else f"{row.record:.2f}"
        lines += [f"{row.sign:4} {row.counted} ({row.source}: {row.literature})",
                  f"{'':4} {number:>16}   record {record or '-':>5}   {row.word}"]  # fmt: skip
    return lines


def _ranks(table: pd.DataFrame) -> list[str]:
    whole = table[table["left out"] == "none"]
    return [
        f"Record in the cloud of the {row.cloud}: {100 * row.rank:.1f} % of the histories lie "
        "as far out or farther." for row in whole.itertuples()
    ]  # fmt: skip
