"""What a visitor can take home: the chronicle, the tables, and the present picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from politburo_sim.lab.sheets import as_csv
from politburo_sim.record.record import Record
from politburo_sim.run.model import Politburo
from politburo_sim.view.drawing import PICTURE_STYLE
from politburo_sim.view.map import policy_map
from politburo_sim.view.river import river
from politburo_sim.view.roll_calls import roll_calls
from politburo_sim.view.scene import Scene
from politburo_sim.view.table import table

_WIDTH, _HEIGHT, _HEAD = 360, 270, 40


def sheet(scene: Scene, odds: str) -> str:
    """Return one picture of all drawn panels, which needs no other file."""
    head = f"{scene.title}, seed {scene.seed}, {scene.date}"
    panels = (table(scene), policy_map(scene), odds, river(scene), roll_calls(scene))
    return _arrange(head, panels, 3)


def twin_sheet(one: Scene, two: Scene, odds: tuple[str, str], parting: int | None) -> str:
    """Return one picture of two histories with the same luck, side by side."""
    head = f"{one.title} | {two.title}, seed {one.seed}, {one.date}"
    panels = (river(one, parting), river(two, parting), table(one), table(two), *odds)
    return _arrange(head, panels, 2)


def _arrange(head: str, panels: Sequence[str], columns: int) -> str:
    """Return panels in rows of so many below a headline, as one picture."""
    placed = [
        one.replace("<svg ", f'<svg x="{_WIDTH * (k % columns)}" '
                             f'y="{_HEAD + _HEIGHT * (k // columns)}" '
                             f'width="{_WIDTH}" height="{_HEIGHT}" ', 1)
        for k, one in enumerate(panels)
    ]  # fmt: skip
    wide, high = columns * _WIDTH, _HEAD + _HEIGHT * -(-len(panels) // columns)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="pb-svg" width="{wide}" height="{high}" '
        f'viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(head)}">'
        f"<style>{PICTURE_STYLE}</style>"
        f'<rect class="sheet" width="{wide}" height="{high}"/>'
        f'<text x="12" y="26" class="strong" style="font-size:18px">{escape(head)}</text>'
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
        f"{stem}-roll-calls.csv": lambda: as_csv(record(model).roll_calls()),
        f"{stem}-power.csv": lambda: as_csv(record(model).power_table()),
    }
