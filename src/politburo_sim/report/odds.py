"""Odds as a reader meets them: the river, the turning points, and an object for notebooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from politburo_sim.lab.ahead.odds import Odds, odds_now, odds_of, said_of
from politburo_sim.lab.ahead.turning import Found, TurningPoint
from politburo_sim.lab.provenance import open_folder, typed, write_manifest
from politburo_sim.lab.sheets import write_csv
from politburo_sim.months import as_year
from politburo_sim.record.words import number as number_words
from politburo_sim.report.colours import colours_of
from politburo_sim.report.figures import GREY, Values, save
from politburo_sim.report.figures_odds import Band, river
from politburo_sim.report.page import Drawing, Page, Story, Table, write
from politburo_sim.report.words import percent, signed
from politburo_sim.run.model import Politburo
from politburo_sim.state.journal import RULES, SANCTION
from politburo_sim.worlds.edits import month_words
from politburo_sim.worlds.given import build_world
from politburo_sim.worlds.schema import Scenario
from politburo_sim.worlds.world import World

NOBODY = "nobody"
_SHOWN = 0.02
_MOST_BANDS = 8
_MOST_EVENTS = 8
#: A month in which somebody has this chance is settled; so many more are drawn.
_SETTLED, _AFTER = 0.99, 12


class History(Odds):
    """The odds of one history, which print as a sentence and a table, and draw themselves.

    Everything of `lab.ahead.odds.Odds`: `frame`, `seats`, `turning_points`, `record`.
    """

    @property
    def sentence(self) -> str:
        """Who was likeliest, when that was settled, and the turning points."""
        return " ".join(self.told())

    def told(self) -> list[str]:
        """Return the same in sentences: the finding, the turning points, what was left out."""
        said = [finding(self.frame), *map(str, self.turning_points), noise(self.turning)]
        return [text for text in said if text]

    @property
    def now(self) -> pd.Series:
        """Return the chances of the first month looked at, by name."""
        found: pd.Series = self.frame.iloc[0]
        return found

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{half_years(self.frame).to_string(index=False)}"

    def _repr_html_(self) -> str:
        points = "".join(f"<li>{point}</li>" for point in self.turning_points)
        table = half_years(self.frame).to_html(index=False)
        return f"<p>{finding(self.frame)}</p><ol>{points}</ol>{table}"

    def figure(self) -> Figure:
        """Return the river with its turning points."""
        record = self.record
        world = record.world.scenario
        return odds_figure(
            self.frame, marks(self), f"{world.title}, seed {record.seed}", self.turning_points,
            self.futures, world,
        )  # fmt: skip

    def save(self, folder: str | Path, command: str | None = None) -> Path:
        """Write the figure, the tables and the page into a folder of their own; the page's path.

        command : what gives the same on the command line, where the world has a file.

        Raises
        ------
        ResultError
            If the folder holds anything else, or cannot be written to.
        """
        world, seed = self.record.world, self.record.seed
        at = None if len(self.frame) > 1 else str(self.frame.index[0])
        said = said_of(world, seed, self.futures, at)
        again = command or typed(
            "odds", world.scenario.name, seed=seed, futures=self.futures, at=at,
            set=[f"{name}={value:.12g}" for name, value in said["settings"].items()],
        )  # fmt: skip
        home = open_folder(said, Path(folder), Path(folder))
        page = odds_report(
            home, self.frame, marks(self), f"{world.scenario.title}, seed {seed}", again,
            found=self.turning, futures=self.futures, story=self.record.summary(),
            worlds=[world.scenario],
        )  # fmt: skip
        write_csv(home / "survival.csv", self.seats, index=True)
        write_manifest(home, **said, command=again)
        return page


def odds(
    of: Politburo | World | Scenario | str | Path,
    seed: int = 0,
    futures: int = 1_000,
    workers: int | None = None,
) -> History:
    """Each member's chance of established sole rule, and the turning points.

    Parameters
    ----------
    of : a world or its name: every month of the history of that seed. A running model: its present
        month alone.
    futures : futures forked at each month.
    """
    if isinstance(of, Politburo):
        return as_history(odds_now(of, futures, workers))
    return as_history(odds_of(build_world(of), seed, futures, workers=workers))


def as_history(found: Odds) -> History:
    """Return odds as an object that draws itself."""
    return History(**{field.name: getattr(found, field.name) for field in fields(found)})


def marks(found: Odds) -> list[tuple[int, str]]:
    """Seats lost by a sanction, in the words of its rung, and the rule of one, for a figure."""
    record, gone = found.record, set[int]()
    told = []
    for row in record.rows:
        if row.who >= record.world.members:
            continue
        name = record.world.names[row.who]
        if row.kind == SANCTION and row.what >= record.world.losses.seat and row.who not in gone:
            gone.add(row.who)
            told.append((row.month, f"{name} {record.world.ladder[row.what - 1].done}"))
        if row.kind == RULES and row.what == 0:
            told.append((row.month, f"{name} rules alone"))
    return told


def odds_figure(
    table: pd.DataFrame, events: Sequence[tuple[int, str]], title: str,
    points: Sequence[TurningPoint] = (), futures: int = 0, world: Scenario | None = None,
) -> Figure:  # fmt: skip
    """Return the river with its title and its key."""
    events = [event for event in events if event[0] <= settled(table)]
    table = until_settled(table)
    sure = 1.96 * 50 / np.sqrt(futures) if futures else 0.0
    key = "Chance of each to be the first to rule alone, seen from each month of this history"
    if futures:
        key += f"; {futures:,} futures a month, so that a chance is sure to {sure:.0f} points"
    key += ". "
    key += "Above: what happened to whom. " if events else ""
    key += "Numbers: the months in which a chance jumps." if points else ""
    return river(
        years_of(table), bands(table, world), marked(table, events), points,
        title=f"Who will rule alone? {title}", key=key,
    )  # fmt: skip


def odds_report(
    folder: Path, table: pd.DataFrame, events: Sequence[tuple[int, str]], title: str,
    command: str = "politburo-sim odds SCENARIO --seed N", *, found: Found | None = None,
    futures: int = 0, story: str = "", worlds: Sequence[Scenario] = (),
) -> Path:  # fmt: skip
    """Draw the river and write the page with its tables; its path."""
    write_csv(folder / "odds.csv", table, index=True)
    found = found or Found()
    said = finding(table)
    world = worlds[0] if worlds else None
    drawn = odds_figure(table, events, title, found.points, futures, world)
    page = Page(
        title=title, question="Who comes to be established sole ruler first, seen from each month?",
        finding=[said, *map(str, found.points), *filter(None, [noise(found)])],
        design=[
            "At each month the state of one history is copied and futures are run from it with "
            "fresh luck; the chances at each month sum to one.",
            *([HOW] if found.points else []),
        ],
        figures=[
            Drawing(
                save(drawn, folder / "figures", "odds"),
                "Each member's chance of ending as established sole ruler, seen from each month. "
                "Bars: the change of the chance over that month, as it was and without what made "
                "it, luck shared.",
                alt=f"Stacked bands over time. {said}",
            )
        ],
        tables=[*map(tested, found.points), Table(half_years(table), _caption(table))],
        stories=_stories(found.points, story),
        command=command,
        worlds=worlds,
    )  # fmt: skip
    return write(page, folder)


#: How a turning point is tested, for the page.
HOW = (
    "A turning point is a month over which a member's chance jumps by more than the luck of the "
    "futures could make it. The odds already hold what is sure to come, so it is something that "
    "could have gone otherwise in that month. As it was: futures from after the month less futures "
    "from before it, in which the month is drawn again; luck after it is shared. Without a vote, a "
    "fall, a seat or a coalition: only those draws of the month count in which it does not come "
    "about. Without an event of the calendar: the same month, with its own luck, in the world "
    "without the event."
)


def noise(found: Found) -> str:
    """Say how many jumps were left out because they may be chance of the counting."""
    if not found.looked_at:
        return ""
    looked = (
        f"Of the {number_words(found.looked_at)} largest jumps, measured again with fresh luck,"
    )
    if not found.points:
        return f"{looked} none is larger than the luck of the futures could make it."
    if not found.noise:
        return f"{looked} all are larger than the luck of the futures could make them."
    left = "is" if found.noise == 1 else "are"
    return (
        f"{looked} {number_words(found.noise)} may be the luck of the futures and {left} left out."
    )


def tested(point: TurningPoint) -> Table:
    """Return what was tested of a turning point, the deed that made it first."""
    rows = [
        (test.what[:1].upper() + test.what[1:], _points(test.with_it), _points(test.without),
         percent(test.likely))
        for test in point.tested
    ]  # fmt: skip
    frame = pd.DataFrame(
        rows, columns=["what came about", "change with it", "without it", "draws that have it"]
    )
    caption = f"{point.date}, {point.who}: {signed(point.jump, points=True)} as it was "
    caption += f"(standard error {100 * point.error:.1f})"
    return Table(frame, caption)


def _points(change: float) -> str:
    return "not in the draws" if np.isnan(change) else signed(change, points=True)


def _stories(points: Sequence[TurningPoint], summary: str) -> list[Story]:
    """Return the months of the turning points in the words of the chronicle."""
    months = [Story(point.date, [" ".join(point.told)]) for point in points if point.told]
    return [*([Story("This history", [summary])] if summary else []), *months]


def until_settled(table: pd.DataFrame) -> pd.DataFrame:
    """Return the months until one has all but every chance, and a year more."""
    return table.iloc[: settled(table) + _AFTER]


def settled(table: pd.DataFrame) -> int:
    """Return the first month from which one has all but every chance to the end."""
    open_yet = np.flatnonzero(table.max(axis=1).to_numpy() < _SETTLED)
    return int(open_yet[-1]) + 1 if len(open_yet) else 0


def half_years(table: pd.DataFrame) -> pd.DataFrame:
    """Return the chances of January and July as a reader says them, until all is settled."""
    table = until_settled(table)
    shown = [name for name in table.columns if table[name].max() >= _SHOWN]
    rows = [m for m in table.index if m.endswith(("-01", "-07"))] or list(table.index)
    return in_words(table.loc[rows, shown])


def _caption(table: pd.DataFrame) -> str:
    least = f"Chances in January and July, of those who ever reach {percent(_SHOWN)}"
    last = until_settled(table).index[-1]
    return least if last == table.index[-1] else f"{least}; settled and not shown after {last}"


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The chances in per cent, a row for each month."""
    return table.map(percent).rename_axis("month").reset_index()


def years_of(table: pd.DataFrame) -> Values:
    """The months of the index as years with fractions."""
    return np.array([as_year(month) for month in table.index])


def bands(table: pd.DataFrame, world: Scenario | None = None) -> list[Band]:
    """The likeliest members from the bottom, then others, then nobody."""
    colours = colours_of([n for n in table.columns if n != NOBODY], world)
    names = [n for n in table.columns if n != NOBODY and table[n].max() >= _SHOWN]
    names.sort(key=lambda n: -float(table[n].mean()))
    kept = names[:_MOST_BANDS]
    rest = [n for n in table.columns if n not in (*kept, NOBODY)]
    found = [Band(name, colours[name], table[name].to_numpy()) for name in kept]
    if rest and float(table[rest].to_numpy().max()) > 0:
        found.append(Band("others", "#9A9A9A", table[rest].sum(axis=1).to_numpy()))
    return [*found, Band(NOBODY, GREY, table[NOBODY].to_numpy())]


def marked(table: pd.DataFrame, events: Sequence[tuple[int, str]]) -> list[tuple[float, str]]:
    """Events on the scale of years; where there are many, the later of close ones are left out."""
    years = years_of(table)
    inside = sorted((m, words) for m, words in events if 0 <= m < len(years))
    gap = -(-len(years) // _MOST_EVENTS) if len(inside) > _MOST_EVENTS else 0
    kept: list[tuple[int, str]] = []
    for month, words in inside:
        if not kept or month - kept[-1][0] >= gap:
            kept.append((month, words))
    return [(float(years[month]), words) for month, words in kept]


def finding(table: pd.DataFrame) -> str:
    """The first sentence, from the table alone."""
    first, last = table.iloc[0], table.iloc[-1]
    leaders = table.idxmax(axis=1)
    end = str(leaders.iloc[-1])
    opening = f"In {month_words(table.index[0])} the likeliest end was {_who(str(leaders.iloc[0]))}"
    opening += f" ({percent(float(first.max()))})"
    if len(table) == 1:
        return f"{opening}."
    turned = table.index[0]
    for month, leader in zip(reversed(table.index), reversed(leaders.tolist()), strict=True):
        if leader != end:
            break
        turned = month
    closing = f"with {percent(float(last.max()))} in {month_words(table.index[-1])}"
    if turned == table.index[0]:
        return f"{opening}, and it stayed so, {closing}."
    if str(leaders.iloc[0]) == end:
        return f"{opening}; so it was again from {month_words(turned)} on, {closing}."
    return f"{opening}; from {month_words(turned)} on it was {_who(end)}, {closing}."


def _who(name: str) -> str:
    return "no sole rule" if name == NOBODY else f"sole rule by {name}"
