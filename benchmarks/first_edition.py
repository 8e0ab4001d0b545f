"""The first edition beside this one: its scores, and the effects of the experiments that both ran.

    python -m benchmarks.first_edition [--effects]

The first edition (commit 9ad7ede) lives its histories from a checkout of its own, as many and with
the same luck as the models of `experiments/models.toml`, and hands over what became of everybody;
patterns and scores are this edition's. It is run as it is and with votes that are coins, both over
its own ensemble (scores.csv) and at its best: at the sets closest to the record, found by the
rounds of `lab.fit.closest` in its own code (closest.csv). Its effects are those it left behind.
Writes results/editions/; each run of the scores adds to the table of looks, `--effects` alone looks
at none. `blocks.csv` is not made here: what it has of the first edition comes from a trial
(docs/editions.md).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from benchmarks.editions import FIRST, ROOT, checkout
from politburo_sim.lab import plan
from politburo_sim.lab.fit import calibration, check, closest, scores
from politburo_sim.lab.fit.calibration import target_of
from politburo_sim.lab.fit.models import look
from politburo_sim.lab.fit.recorded_faces import recorded
from politburo_sim.lab.store import write_text
from politburo_sim.months import year_end
from politburo_sim.report.contrasts import Panel, Row, Sheet
from politburo_sim.report.figures import DARK, OKABE_ITO, STYLE, fitted, headed, save
from politburo_sim.report.figures_effects import sheet_figure
from politburo_sim.report.words import MINUS
from politburo_sim.run.engine import make_outcomes
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import World, build_world

RESULTS = ROOT / "results" / "editions"
LOOKS = ROOT / "results" / "scores" / "looks.csv"
EXPERIMENTS = (
    "E1-interaction", "E2-flipping-pays", "E3-knock-outs", "E4-counterfactuals",
    "E7-office-or-man",
)  # fmt: skip
PAGE = ROOT / "docs" / "editions.md"
BEGIN, END = "<!-- tables -->", "<!-- end of the tables -->"
ENDS = ["mean", "low", "high", "least", "most"]
MODELS = {"first-edition": "", "first-edition-coins": "coin_votes"}
LIVE = """
import sys
import numpy as np
from politburo_sim.lab.calibration import load_plan, summaries
from politburo_sim.lab.contrasts import load_ensemble, prepare
from politburo_sim.lab.runs import replicate_seeds, run_many
file, held, draws, replicates, seed = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
plan = load_plan()
settings = {held: 1.0} if held else {}
thinned = load_ensemble().thin(draws)
world, points = prepare({"scenario": plan.scenario, "settings": settings}, thinned)
if len(sys.argv) > 6:
    sets = np.load(sys.argv[6])
    points = sets[np.arange(draws) * len(sets) // draws]
target = plan.target(world)
which = np.arange(draws * replicates) // replicates
luck = replicate_seeds(seed, len(which), stream=8)
early = run_many(world, luck, points, which, marks=target.marks, last=target.last)
late = run_many(world, luck, points, which)
found = {f"found: {k}": v for k, v in summaries(world, early, points[which], target).items()}
np.savez(file, names=np.array(world.names), ruler=late.ruler, since=late.since, rungs=late.rungs,
         status=late.status, share=late.share, **found)
"""
#: The rounds of `lab.fit.closest` in the first edition's code.
CLOSEST = """
import sys
from dataclasses import replace
import numpy as np
from politburo_sim.lab import calibration as lab
from politburo_sim.parameters import PLACE, TABLE
from politburo_sim.scenario import load_scenario
from politburo_sim.world import build_world
file, held, population, rounds, drawn = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
step, stream, seed = float(sys.argv[6]), int(sys.argv[7]), int(sys.argv[8])
plan = replace(lab.load_plan(), population=population, seed=seed)
world = build_world(load_scenario(plan.scenario))
search = lab.Search(plan, world, plan.target(world))
free = [p for p in TABLE if p.name not in (*lab.FORMS, held)]
low, high = np.array([plan.fitted.get(p.name, lab.prior_range(p.name)) for p in free]).T
places = [PLACE[p.name] for p in free]
sets = None
for number in range(rounds):
    rng = np.random.default_rng([plan.seed, stream, number])
    table = lab.draw_prior(plan, drawn, rng)
    if held:
        table[:, PLACE[held]] = 1.0
    if sets is not None:
        old = sets[:, places]
        moved = old[rng.integers(0, population, drawn)]
        moved += step * old.std(axis=0) * rng.standard_normal(moved.shape)
        moved = np.where(moved < low, 2 * low - moved, moved)
        moved = np.clip(np.where(moved > high, 2 * high - moved, moved), low, high)
        whole = [p.whole for p in free]
        moved[:, whole] = np.round(moved[:, whole])
        table[:, places] = moved
    far, _ = search.try_out(table, stream + number)
    sets = table[np.argsort(far, kind="stable")[:population]]
np.save(file, sets)
"""


def asked(tree: Path, script: str, *told: object) -> None:
    """Run a script with the package of a checkout."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *map(str, told)], check=True, cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree / "src")},
    )  # fmt: skip


def lived(tree: Path, held: str, plan: Any, search: int | None) -> dict[str, NDArray[Any]]:
    """What became of everybody in the histories of a checkout, one parameter held at 1.

    search : which of the searches for the closest sets; None: over its own ensemble.
    """
    with tempfile.TemporaryDirectory() as folder:
        file, sets = Path(folder) / "lived.npz", Path(folder) / "sets.npy"
        if search is not None:
            drawn = calibration.DRAWN * plan.population
            rounds = plan.amount(plan.simulations_closest).rounds
            asked(
                tree, CLOSEST, sets, held, plan.population, rounds, drawn, closest.STEP,
                closest.STREAM, plan.seed + search,
            )  # fmt: skip
        amount = (plan.draws, plan.replicates, plan.seed)
        asked(tree, LIVE, file, held, *amount, *[sets] * (search is not None))
        with np.load(file) as kept:
            return dict(kept)


def histories(world: World, kept: dict[str, NDArray[Any]]) -> check.Histories:
    """The same in the slots of this edition: its members by name, then all newcomers."""
    names = kept["names"].tolist()
    known = [names.index(name) for name in world.names]
    others = [slot for slot in range(kept["status"].shape[1]) if slot not in known]
    order = np.array([*known, *others])
    place = np.append(np.argsort(order), -1)  # of nobody, -1: nobody
    out = make_outcomes(len(kept["ruler"]), len(order), 0)._replace(
        ruler=place[kept["ruler"]].astype(np.int16), since=kept["since"],
        rungs=kept["rungs"][:, order], status=kept["status"][:, order],
        share=kept["share"][:, order],
    )  # fmt: skip
    early = {k.removeprefix("found: "): v for k, v in kept.items() if k.startswith("found: ")}
    return check.Histories(world, target_of(world), early, out)


def effects() -> pd.DataFrame:
    """The contrasts that both editions estimated, under the same name and of the same outcome."""
    parts = []
    for name in EXPERIMENTS:
        path = f"results/{name}/contrasts.csv"
        told = subprocess.run(
            ["git", "-C", str(ROOT), "show", f"{FIRST}:{path}"], check=True, capture_output=True
        )
        then, now = pd.read_csv(BytesIO(told.stdout)), pd.read_csv(ROOT / path)
        both = now.merge(then, on=["contrast", "outcome"], suffixes=("", "_first"))
        both.insert(0, "experiment", name.partition("-")[0])
        parts.append(both)
    return pd.concat(parts, ignore_index=True)


def drawn(table: pd.DataFrame) -> Figure:
    """The effects on sole rule of anybody, in both editions."""
    some = table[table["outcome"] == "established"]
    some = some[~some["contrast"].str.contains("calibrated|much opportunism|Stalin holds")]
    panels = []
    for words, end in (("first edition", "_first"), ("this edition", "")):
        labels = (
            some["experiment"] + " " + some["contrast"].str.replace(": sole rule.*", "", regex=True)
        )
        figures = some[[name + end for name in ENDS]].to_numpy()
        rows = tuple(Row(label, *row) for label, row in zip(labels, figures, strict=True))
        panels.append(Panel(words, True, False, rows))
    return sheet_figure(Sheet(tuple(panels), True, {}), "What moves sole rule, in both editions")


def signed(value: float) -> str:
    """A whole number with its sign."""
    return f"{value:+.0f}".replace("-", MINUS)


#: The models of either edition in the tables of scores.
ROWS = {
    "first-edition": "first edition", "first-edition-coins": "its coin votes",
    "model": "this edition", "coins": "its coins", "no-blocs": "without coalitions",
    "no-policies": "without dated questions",
    "no-agenda-bonds": "votes on dated questions leave bonds alone",
}  # fmt: skip
#: The scores of the tables, and their units.
SHOWN = {"fit": 1.0, "check": 1.0, "within_3": 100.0, "order_late": 1.0, "youden": 1.0}


def scored(name: str, words: str) -> list[str]:
    """The table of scores of either edition, from a folder of results and a file beside it."""
    told = pd.concat(
        [
            pd.read_csv(home / file)
            for home, file in ((ROOT / "results" / name, "intervals.csv"), (RESULTS, f"{name}.csv"))
        ]
    ).set_index(["model", "score"])
    lines = [
        f"| {words} | fit | check | within 3.0 of the record, % | order, late falls | Youden |",
        "|---|---|---|---|---|---|",
    ]
    for model, called in ROWS.items():
        cells = []
        for score, unit in SHOWN.items():
            value, low, high = (
                unit * told.loc[(model, score), end] for end in ("value", "low", "high")
            )
            form = ".2f" if unit > 1 else ".3f"
            cells.append(f"{value:{form}} ({low:{form}} to {high:{form}})")
        lines.append(f"| {called} | {' | '.join(cells)} |")
    return lines


def section() -> str:
    """The tables of the page on both editions."""
    lines = [*scored("scores", "each over what one record leaves open"), "",
             *scored("closest", "each at its best"), "",
             "| nats | first edition | this one |", "|---|---|---|"]  # fmt: skip
    blocks = pd.read_csv(RESULTS / "blocks.csv")
    for kind in ("agenda", "votes", "sanctions", "seats", "silence"):
        then, now = (blocks[f"{end}_{kind}"].sum() for end in ("first", "this"))
        lines.append(f"| {kind} | {signed(then)} | {signed(now)} |")
    then, now = (blocks[end].sum() for end in ("first", "this"))
    lines += [
        f"| all | {signed(then)} | {signed(now)} |", "",
        "| this edition, 200 histories | mean | median | 5 to 95 % | median at its best | record |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    seen, best = (
        pd.read_csv(ROOT / "results" / name / "faces.csv").set_index("face")
        for name in ("scores", "closest")
    )
    told = recorded(build_world(load_scenario(plan.load("models").scenario)))
    lines += [
        f"| {face} | {row['mean']:.2f} | {row['median']:.2f} | {row['5 %']:g} to {row['95 %']:g} | "
        f"{best.loc[face, 'median']:.2f} | {f'{told[face]:.2f}' if face in told else ''} |"
        for face, row in seen.iterrows()
    ]
    return "\n".join(lines)


def drawn_blocks(table: pd.DataFrame) -> Figure:
    """What each entry of the record costs either edition, the dearest of the first on top."""
    table = table.sort_values("first")
    at = np.arange(len(table))
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(8.2, 0.8 + 0.42 * len(table)), layout="constrained")
        axes = figure.add_subplot()
        for shift, name, words, colour in (
            (-0.19, "first", "first edition", OKABE_ITO[1]),
            (0.19, "this", "this one", OKABE_ITO[0]),
        ):  # fmt: skip
            axes.barh(at + shift, -table[name], 0.36, color=colour, label=words)
            for y, x in zip(at + shift, -table[name], strict=True):
                axes.text(x + 0.2, y, f"{x:.0f}", va="center", fontsize=7.5, color=DARK)
        axes.set_yticks(at, [fitted(entry, 3.1, 8.5) for entry in table["entry"]], fontsize=8.5)
        axes.set_ylim(len(table) - 0.4, -0.6)
        axes.spines["left"].set_visible(False)
        axes.tick_params(left=False)
        axes.set_xlabel("nats that the entry costs: the more, the less it was expected")
        axes.legend(frameon=False, loc="lower right")
        headed(
            figure, "What the record of 1922-30 costs either edition",
            f"Log evidence of all of it: {signed(table['first'].sum())} and "
            f"{signed(table['this'].sum())} nats. Means over four passes each; "
            "those of this edition differ among one another by several nats.",
        )  # fmt: skip
    return figure


def score_first(file: str, at_best: bool) -> None:
    """Score the first edition with this edition's patterns and scores."""
    models: Any = plan.load("models")
    world = build_world(load_scenario(models.scenario))
    patterns, frames = check.scored(), []
    end = year_end(world.start, scores.FALLEN_BY)
    with checkout(FIRST) as tree:
        for name, held in MODELS.items():
            tables = []
            for search in range(models.searches) if at_best else [None]:
                kept = lived(tree, held, models, search)
                table = check.outcome_table(histories(world, kept), patterns)
                table.insert(0, "draw", np.arange(len(table)) // models.replicates)
                tables.append(table)
            look(LOOKS, models.seed, name, sum(map(len, tables)))
            if at_best:
                found = scores.over_searches(tables, patterns, end)
            else:
                found = scores.scores(tables[0], patterns, end, models.seed)
            found.insert(0, "model", name)
            frames.append(found)
    told = pd.concat(frames, ignore_index=True)
    write_text(RESULTS / f"{file}.csv", told.to_csv(index=False, float_format="%.6g"))
    print(told.pivot(index="score", columns="model", values="value").loc[list(scores.SCORES)])


def main() -> None:
    """Write both, or the effects alone."""
    if sys.argv[1:] != ["--effects"]:
        score_first("scores", at_best=False)
        score_first("closest", at_best=True)
    table = effects()
    text = table.to_csv(index=False, float_format="%.6g")
    write_text(RESULTS / "effects.csv", text)
    save(drawn(table), RESULTS / "figures", "effects")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    write_text(PAGE, f"{before}{BEGIN}\n\n{section()}\n\n{END}{after}")
    save(drawn_blocks(pd.read_csv(RESULTS / "blocks.csv")), RESULTS / "figures", "blocks")


if __name__ == "__main__":
    main()
