"""What a visitor can take home: the chronicle, the tables, and the present picture."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from politburo_sim.model import Politburo
from politburo_sim.record import Record
from politburo_sim.view.drawing import PICTURE_STYLE
from politburo_sim.view.map import policy_map
from politburo_sim.view.river import river
from politburo_sim.view.roll_calls import roll_calls
from politburo_sim.view.scene import Scene
from politburo_sim.view.table import table

_WIDTH, _HEIGHT, _HEAD = 360, 270, 40


def sheet(scene: Scene, odds: str) -> str:
    """Return one picture of all drawn panels, which needs no other file."""
    drawn = (table(scene), policy_map(scene), odds, river(scene), roll_calls(scene))
    placed = [
        one.replace("<svg ", f'<svg x="{_WIDTH * (k % 3)}" y="{_HEAD + _HEIGHT * (k // 3)}" '
                             f'width="{_WIDTH}" height="{_HEIGHT}" ', 1)
        for k, one in enumerate(drawn)
    ]  # fmt: skip
    wide, high = 3 * _WIDTH, _HEAD + 2 * _HEIGHT
    head = escape(f"{scene.title}, seed {scene.seed}, {scene.date}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pb-svg" viewBox="0 0 {wide} {high}" '
        f'role="img" aria-label="{head}"><style>{PICTURE_STYLE}</style>'
        f'<rect class="sheet" width="{wide}" height="{high}"/>'
        f'<text x="12" y="26" class="strong" style="font-size:18px">{head}</text>'
        f"{''.join(placed)}</svg>\n"
    )


def record(model: Politburo) -> Record:
    """Return the record of the run so far, even before its first month."""
    if model.month:
        return model.record
    none = model.journal.entries[:0], model.journal.ballots[:0]
    return Record(model.world, model.seed, *none, model.world.body, None, 0)


def files(model: Politburo) -> dict[str, Callable[[], str]]:
    """Return what makes each file of the run so far, by the file's name."""
    stem = f"{model.world.scenario.name}-seed-{model.seed}"
    return {
        f"{stem}-chronicle.txt": lambda: record(model).prose(),
        f"{stem}-roll-calls.csv": lambda: record(model).roll_calls().to_csv(index=False),
        f"{stem}-power.csv": lambda: record(model).power_table().to_csv(index=False),
    }
