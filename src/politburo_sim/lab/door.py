"""One door for files: of what kind one is, and whether it is sound.

A file is first held against the schema of its kind, then what it says is held against the worlds,
experiments and parameters that it names. Every complaint has one wording (`files.explain`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, StrictBool

from politburo_sim.evidence.record import check_record, load_record
from politburo_sim.evidence.schema import RecordOfHistory
from politburo_sim.files import locate
from politburo_sim.files.errors import ExperimentError, InputError, suggest
from politburo_sim.files.explain import keys_of, shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, read_source
from politburo_sim.lab import checks, plan
from politburo_sim.lab.ensemble import read_ensemble
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.kinds.evidence import Evidence
from politburo_sim.worlds.fields import Name, Number, Table, Text, Word
from politburo_sim.worlds.inherit import JOIN
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario

WORLD, CLAIMS, ENSEMBLE, SWEEP, RECORD = "world", "claims", "ensemble", "sweep", "record"


class _Part(Table):
    experiment: Name
    contrast: Name | tuple[Name, ...]
    above: Number | None = None
    below: Number | None = None


class _Verdict(Table):
    rule: Text
    parts: Annotated[tuple[_Part, ...], Field(min_length=1)]
    scales: StrictBool = False
    mechanisms: tuple[Name, ...] = ()


class _Claim(Table):
    id: Word
    title: Text
    text: Text
    sources: tuple[Text, ...]
    question: Text
    experiments: tuple[Name, ...]
    verdict: _Verdict


class Claims(Table):
    """The claims, and the rules that decide them."""

    claims: Annotated[tuple[_Claim, ...], Field(min_length=1)]


def read(name: str) -> tuple[str, Path | Source]:
    """Return of what kind a file is, and the file: read, where it is TOML.

    A shipped world is meant before an experiment of the same name. The word in `kind` says which
    kind an experiment is of; otherwise it is the kind whose keys the file has most of.

    Raises
    ------
    InputError
        If there is no such file, or it is not TOML.
    """
    if Path(name).suffix == ".csv":
        return ENSEMBLE, locate.find("experiments", name)
    shelf = next((kind for kind in locate.KINDS if locate.meant(kind, name)), "scenarios")
    try:
        file = locate.find(shelf, name)
    except InputError as error:
        near = [word for kind in locate.KINDS for word in locate.names(kind)]
        problem = error.problem.partition(",")[0]
        raise InputError(
            f"{problem}{suggest(Path(name).stem, near)}", file=error.file,
            allowed="the path of a file, or the name of a shipped world or experiment",
            hint="politburo-sim list shows them",
        ) from None  # fmt: skip
    source = read_source(file)
    kind = _kind(source.table)
    return kind, source if kind in (WORLD, RECORD) else read_source(file, ExperimentError)


def _kind(table: Mapping[str, Any]) -> str:
    if "kind" in table:
        return str(table["kind"])
    shapes: dict[str, type[BaseModel]] = {
        WORLD: Scenario, CLAIMS: Claims, SWEEP: plan.kind_of(SWEEP), RECORD: RecordOfHistory
    }  # fmt: skip
    shared = {kind: len(table.keys() & set(keys_of(shape))) for kind, shape in shapes.items()}
    return max(shared, key=lambda kind: shared[kind])


def check(name: str) -> str:
    """Return the kind of a file that is sound.

    Raises
    ------
    InputError
        About the first thing that is wrong.
    """
    if JOIN in name and not locate.is_file(Path(name)):
        load_scenario(name)
        return WORLD
    kind, found = read(name)
    if isinstance(found, Path):
        read_ensemble(found)
    elif kind == WORLD:
        scenario = load_scenario(name)
        if scenario.record is not None:
            load_record(scenario)
    elif kind == RECORD:
        check_record(name)
    elif kind == CLAIMS:
        _check_claims(found, shaped(Claims, found.table, found.error))
    else:
        plan.load(found.file)
    return kind


@cache
def known_models() -> tuple[str, ...]:
    """The names of the models that the record is asked about."""
    return tuple(model.name for model in Evidence.named("evidence").chosen("all"))


@cache
def _shipped() -> dict[str, plan.Experiment]:
    return plan.shipped()


def _check_claims(source: Source, file: Claims) -> None:
    """Claims are told apart, and every rule speaks of contrasts that sound experiments have."""
    for index, claim in enumerate(file.claims):
        path: KeyPath = ("claims", index)
        if claim.id in [other.id for other in file.claims[:index]]:
            raise source.error((*path, "id"), "the same id twice", given=claim.id,
                               allowed="each once")  # fmt: skip
        for place, id in enumerate(claim.experiments):
            checks.one_of(source, (*path, "experiments", place), id, _shipped(), "experiment")
        for place, name in enumerate(claim.verdict.mechanisms):
            path_of = (*path, "verdict", "mechanisms", place)
            checks.one_of(source, path_of, name, known_models(), "model")
        for place, part in enumerate(claim.verdict.parts):
            _check_part(source, (*path, "verdict", "parts", place), part)


def _check_part(source: Source, path: KeyPath, part: _Part) -> None:
    checks.one_of(source, (*path, "experiment"), part.experiment, _shipped(), "experiment")
    if (part.above is None) == (part.below is None):
        raise source.error(path, "no bound, or two", allowed="above or below, and only one")
    experiment = _shipped()[part.experiment]
    if isinstance(experiment, Contrasts):
        have = [contrast.name for contrast in experiment.contrasts]
        wanted = [part.contrast] if isinstance(part.contrast, str) else part.contrast
        for name in wanted:
            checks.one_of(source, (*path, "contrast"), name, have, "contrast")
