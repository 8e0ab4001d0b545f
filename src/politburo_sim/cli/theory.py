"""Commands of the oracles: theory coalition, theory power; and verify."""

from __future__ import annotations

from typing import Annotated

import typer

from politburo_sim.cli.settings import Json
from politburo_sim.cli.told import echo_json

theory = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Exact results: power indices, medians, coalitions.",
)


@theory.command()
def coalition(
    powers: Annotated[list[str], typer.Argument(help="Powers, such as 3 4 5 10 or 13/2.")],
    alpha: Annotated[str, typer.Option(help="Supermajority, 1/2 or more and below 1.")] = "1/2",
    as_json: Json = False,
) -> None:
    """The ruling coalitions of a body (Acemoglu, Egorov and Sonin), and the myopic path.

    Example: politburo-sim theory coalition 3 4 5 10 --alpha 3/5
    """
    from politburo_sim.theory import myopic_path, ruling_coalition

    found = [[_plain(powers[i]) for i in part] for part in ruling_coalition(powers, alpha)]
    path = [[_plain(powers[i]) for i in part] for part in myopic_path(powers, alpha)]
    if as_json:
        said = {"powers": [_plain(p) for p in powers], "alpha": alpha, "phi": found, "myopic": path}
        echo_json(said)
        return
    for part in found:
        typer.echo(f"Ruling coalition: {{{', '.join(map(str, part))}}}")
    typer.echo("Myopic path:      " + " -> ".join(f"{{{', '.join(map(str, p))}}}" for p in path))


def _plain(text: str) -> int | str:
    """A power as it was given: whole numbers as numbers, others as text."""
    return int(text) if text.isdigit() else text


@theory.command()
def power(
    weights: Annotated[list[str], typer.Argument(help="Weights, such as 3 2 1.")],
    quota: Annotated[str, typer.Option(help="Weight that wins.")],
    as_json: Json = False,
) -> None:
    """The Shapley-Shubik and normalised Banzhaf indices of a weighted body, exactly.

    Example: politburo-sim theory power --quota 4 3 2 1
    """
    from politburo_sim.theory import banzhaf, shapley_shubik

    one = [str(index) for index in shapley_shubik(weights, quota)]
    two = [str(index) for index in banzhaf(weights, quota)]
    if as_json:
        echo_json({"weights": [_plain(w) for w in weights], "quota": _plain(quota),
                   "shapley_shubik": one, "banzhaf": two})  # fmt: skip
        return
    typer.echo(f"{'weight':>10} {'Shapley-Shubik':>16} {'Banzhaf':>12}")
    for weight, first, second in zip(weights, one, two, strict=True):
        typer.echo(f"{weight:>10} {first:>16} {second:>12}")


def verify(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer cases of each.")] = False,
    as_json: Json = False,
) -> None:
    """Hold the model against exact cases, limits and null models.

    Example: politburo-sim verify --quick
    """
    from politburo_sim.lab.verify import run_all

    failed = 0
    rows = []
    for check in run_all(quick):
        failed += not check.passed
        rows.append(check._asdict())
        if not as_json:
            word = "pass" if check.passed else "FAIL"
            typer.echo(
                f"{word}  {check.name:62} expected {check.expected:>24}  got {check.got:>24}  "
                f"margin {check.margin}"
            )
    if as_json:
        echo_json({"checks": rows, "failed": failed})
    else:
        typer.echo(f"{len(rows) - failed} of {len(rows)} checks passed.")
    if failed:
        raise typer.Exit(1)
