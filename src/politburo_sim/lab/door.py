"""One door for files: of what kind one is, and whether it is sound.

A file is first held against the schema of its kind, then what it says is held against the worlds,
experiments and parameters that it names. Every complaint has one wording (`files.explain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from politburo_sim.files import locate
from politburo_sim.files.errors import ExperimentError, InputError, suggest
from politburo_sim.files.explain import keys_of, shaped
from politburo_sim.files.lines import KeyPath
from politburo_sim.files.toml import Source, read_source
from politburo_sim.lab.ensemble import read_ensemble
from politburo_sim.lab.experiment import Experiment, check_setting, load_experiment, world_of
from politburo_sim.lab.studies import KINDS, Asked, Cell, Contrasts, Window, check_study
from politburo_sim.worlds.fields import Text, Word
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Scenario

WORLD, SWEEP, CALIBRATION, CLAIMS, ENSEMBLE = "world", "sweep", "calibration", "claims", "ensemble"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


Pair = Annotated[list[float], Field(min_length=2, max_length=2)]


class Calibration(_Table):
    """The plan of a calibration: what is fitted, and how long."""

    scenario: str
    population: Annotated[int, Field(ge=1)]
    simulations: Annotated[int, Field(ge=1)]
    quick: Annotated[int, Field(ge=1)]
    shrink: Annotated[float, Field(gt=0, lt=1)]
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    fitted: Annotated[dict[str, Pair], Field(min_length=1)]


class _Part(_Table):
    experiment: str
    contrast: str | list[str]
    above: float | None = None
    below: float | None = None


class _Verdict(_Table):
    rule: Text
    parts: Annotated[list[_Part], Field(min_length=1)]
    scales: bool = False


class _Claim(_Table):
    id: Word
    title: Text
    text: Text
    sources: list[str]
    question: Text
    experiments: list[str]
    verdict: _Verdict


class Claims(_Table):
    """The claims, and the rules that decide them."""

    claims: Annotated[list[_Claim], Field(min_length=1)]


_SHAPES: dict[str, type[BaseModel]] = {
    WORLD: Scenario, CLAIMS: Claims, SWEEP: Experiment, **KINDS, CALIBRATION: Calibration,
}  # fmt: skip


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
    shelf = next((kind for kind in locate.KINDS if name in locate.names(kind)), "scenarios")
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
    return kind, source if kind == WORLD else read_source(file, ExperimentError)


def _kind(table: Mapping[str, Any]) -> str:
    said = table.get("kind")
    if isinstance(said, str) and said in KINDS:
        return said
    shared = {kind: len(table.keys() & set(keys_of(shape))) for kind, shape in _SHAPES.items()}
    most = max(shared, key=lambda kind: shared[kind])
    return next(iter(KINDS)) if "kind" in table and most == SWEEP else most


def load(name: str, kind: str) -> Source:
    """Return a sound file of one kind.

    Raises
    ------
    InputError
        About the first thing that is wrong, or if it is of another kind.
    """
    known, found = read(name)
    if known != kind or isinstance(found, Path):
        file = found if isinstance(found, Path) else found.file
        raise ExperimentError(
            f"not of the kind {kind}", file=file, given=known, allowed=f"a file of the kind {kind}"
        )
    check(name)
    return found


def check(name: str) -> str:
    """Return the kind of a file that is sound.

    Raises
    ------
    InputError
        About the first thing that is wrong.
    """
    kind, found = read(name)
    if isinstance(found, Path):
        read_ensemble(found)
    elif kind == WORLD:
        load_scenario(name)
    elif kind == SWEEP:
        load_experiment(found.file)
        _check_claims_named(found, found.table.get("claims", []))
    elif kind == CALIBRATION:
        _check_calibration(found, shaped(Calibration, found.table, found.error))
    elif kind == CLAIMS:
        _check_claims(found, shaped(Claims, found.table, found.error))
    else:
        _check_study(found, check_study(found))
    return kind


@dataclass(frozen=True)
class _Known:
    """Words that a file may use, and the error where it uses another."""

    source: Source

    def one(self, path: KeyPath, word: str, words: Iterable[str], what: str) -> None:
        known = list(words)
        if word not in known:
            shown = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
            raise self.source.error(
                path, f"no such {what}{suggest(word, known)}", given=word, allowed=shown or "none"
            )

    def all(self, path: KeyPath, given: Iterable[str], words: Iterable[str], what: str) -> None:
        known = list(words)
        for word in given:
            self.one((*path, word), word, known, what)

    def month(self, path: KeyPath, month: str, world: Scenario) -> None:
        if not world.start <= month <= world.end:
            raise self.source.error(
                path, "outside the run", given=month, allowed=f"from {world.start} to {world.end}"
            )


def _members(world: Scenario) -> list[str]:
    return [member.name for member in world.members]


@cache
def outcome_names(scenario: str) -> tuple[str, ...]:
    """Return the outcomes that contrasts may name in a world."""
    import numpy as np

    from politburo_sim.lab.contrasts import outcomes
    from politburo_sim.run.engine import make_outcomes
    from politburo_sim.worlds.world import build_world

    world = build_world(load_scenario(scenario))
    none = make_outcomes(0, len(world.names), 0, marks=(0,))
    return tuple(outcomes(world, none, np.zeros((0, len(world.body.par)))))


def _check_claims_named(source: Source, given: Iterable[str]) -> None:
    ids = [claim["id"] for claim in _shipped_claims()]
    for index, word in enumerate(given):
        _Known(source).one(("claims", index), word, ids, "claim")


@cache
def _shipped_claims() -> tuple[dict[str, Any], ...]:
    return tuple(read_source(locate.folder("seeds") / "claims.toml").table["claims"])


def _check_study(source: Source, asked: Asked) -> None:
    _check_claims_named(source, asked.claims)
    scenario = world_of(source, asked.scenario)
    if isinstance(asked, Contrasts):
        _check_contrasts(source, asked, scenario)
    if isinstance(asked, Window):
        _check_window(source, asked, load_scenario(scenario))


def _check_window(source: Source, window: Window, world: Scenario) -> None:
    known = _Known(source)
    known.one(("member",), window.member, _members(world), "member")
    known.month(("from",), window.start, world)
    known.month(("until",), window.until, world)
    if window.until < window.start:
        raise source.error(("until",), "ends before it starts", given=window.until,
                           allowed=f"{window.start} or later")  # fmt: skip
    for index, name in enumerate(window.interventions):
        path: KeyPath = ("interventions", index)
        if not any(e.intervention for e in load_scenario(world_of(source, name, path)).events):
            raise source.error(path, "a world without an intervention", given=name,
                               allowed="a world with one")  # fmt: skip


def _check_contrasts(source: Source, study: Contrasts, scenario: str) -> None:
    known = _Known(source)
    worlds = {}
    for name, cell in study.cells.items():
        path: KeyPath = ("cells", name)
        own = cell.scenario
        worlds[name] = scenario if own is None else world_of(source, own, (*path, "scenario"))
        _check_cell(source, path, cell, load_scenario(worlds[name]))
        if cell.lots_of is not None:
            others = [other for other in study.cells if other != name]
            known.one((*path, "lots_of"), cell.lots_of, others, "other cell")
    seen: set[str] = set()
    for index, contrast in enumerate(study.contrasts):
        path = ("contrasts", index)
        if contrast.name in seen:
            raise source.error((*path, "name"), "the same name twice", given=contrast.name,
                               allowed="each once")  # fmt: skip
        seen.add(contrast.name)
        known.all((*path, "weights"), contrast.weights, study.cells, "cell")
        for place, cell_name in enumerate(contrast.weights):
            have = outcome_names(worlds[cell_name])
            known.one((*path, "outcome"), contrast.outcome, have, "outcome")
            if place == 0 and contrast.given is not None:
                known.one((*path, "given"), contrast.given, have, "outcome")


def _check_cell(source: Source, path: KeyPath, cell: Cell, world: Scenario) -> None:
    known = _Known(source)
    offices = [office.name for office in world.offices]
    for name, value in cell.settings.items():
        check_setting(source, (*path, "settings", name), name, value)
    known.all((*path, "holder"), cell.holder, offices, "office")
    for office, who in cell.holder.items():
        known.one((*path, "holder", office), who, _members(world), "member")
    for index, office in enumerate(cell.without):
        known.one((*path, "without", index), office, offices, "office")
    known.all((*path, "traits"), cell.traits, _members(world), "member")
    for who, traits in cell.traits.items():
        here: KeyPath = (*path, "traits", who)
        known.all(here, traits, ("opportunism", "loyalty", "foresight"), "trait")
        for trait, value in traits.items():
            if not 0 <= value <= 1:
                raise source.error((*here, trait), "out of range", given=value,
                                   allowed="a number from 0 to 1")  # fmt: skip
    if cell.shift is not None:
        known.month((*path, "shift"), cell.shift, world)


def _check_calibration(source: Source, plan: Calibration) -> None:
    from politburo_sim.lab.calibration import FORMS
    from politburo_sim.state.parameters import PARAMETERS

    known = _Known(source)
    world_of(source, plan.scenario)
    known.all(("fitted",), plan.fitted, [n for n in PARAMETERS if n not in FORMS],
              "parameter that is sampled")  # fmt: skip
    for name, ends in plan.fitted.items():
        for index, value in enumerate(ends):
            check_setting(source, ("fitted", name, index), name, value)
        _ordered(source, ("fitted", name), ends)


def _ordered(source: Source, path: KeyPath, ends: list[float]) -> None:
    if not ends[0] < ends[1]:
        raise source.error((*path, 0), "low is not below high", given=ends[0],
                           allowed=f"less than {ends[1]:g}")  # fmt: skip


def _check_claims(source: Source, file: Claims) -> None:
    known = _Known(source)
    tables = [locate.find("experiments", name) for name in locate.names("experiments")]
    studies = {t["id"]: t for t in (read_source(path).table for path in tables) if "id" in t}
    for index, claim in enumerate(file.claims):
        path: KeyPath = ("claims", index)
        if claim.id in [other.id for other in file.claims[:index]]:
            raise source.error((*path, "id"), "the same id twice", given=claim.id,
                               allowed="each once")  # fmt: skip
        for place, id in enumerate(claim.experiments):
            known.one((*path, "experiments", place), id, studies, "experiment")
        for place, part in enumerate(claim.verdict.parts):
            here: KeyPath = (*path, "verdict", "parts", place)
            known.one((*here, "experiment"), part.experiment, studies, "experiment")
            if (part.above is None) == (part.below is None):
                raise source.error(here, "no bound, or two", allowed="above or below, and only one")
            study = studies[part.experiment]
            if study.get("kind") == "contrasts":
                have = [contrast["name"] for contrast in study["contrasts"]]
                wanted = [part.contrast] if isinstance(part.contrast, str) else part.contrast
                for name in wanted:
                    known.one((*here, "contrast"), name, have, "contrast")
