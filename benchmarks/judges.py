"""What both judges say of each rule, from their results: a table of docs/evidence.md.

    python -m benchmarks.judges

The second judge comes first, as the one that is right about itself; in bold where a judge decides.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd

from politburo_sim.lab.store import write_text
from politburo_sim.lab.verdicts.legs import SILENT, Weight, read_weights, signed
from politburo_sim.report.words import sentence_case

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evidence.md"
BEGIN, END = "<!-- judges: python -m benchmarks.judges -->", "<!-- end -->"


def said(weight: Weight) -> str:
    """A factor with its error, in bold where it decides."""
    within = "or beyond" if weight.bound else f"± {weight.error:.1f}"
    factor = f"{signed(weight.factor)} {within}"
    return factor if weight.says == SILENT else f"**{factor}**"


def noticed(weight: Weight) -> str:
    """How often simulated records with the rule at work show it."""
    return "" if math.isnan(weight.power) else f"{100 * weight.power:.0f} %"


def section() -> str:
    """The table, the model that the record speaks against most on top."""
    second, sampler = (read_weights(ROOT / "results" / of) for of in ("classified", "evidence"))
    words = pd.read_csv(ROOT / "results" / "classified" / "evidence.csv").set_index("model")[
        "words"
    ]
    lines = [
        "| in these histories | model | second judge | shows where at work | sampler | shows |",
        "|---|---|---|---|---|---|",
    ]
    for weight in sorted(second.values(), key=lambda each: each.factor):
        name, other = weight.model, sampler[weight.model]
        lines.append(
            f"| {sentence_case(words[name])} | `{name}` | {said(weight)} | {noticed(weight)} | "
            f"{said(other)} | {noticed(other)} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Write it into the page."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    write_text(PAGE, f"{head}{BEGIN}\n\n{section()}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
