"""What was coded of whom, how surely, how far in hindsight: writes docs/coders-book.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from politburo_sim.history import clienteles, codings, members
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.schema import Coded, MemberEntry, Scenario

PAGE = Path(__file__).resolve().parents[1] / "docs" / "coders-book.md"
WORLD = "ussr-1922"
#: Column of a coding: its justification, its confidence.
AXES = {
    "econ_1923": ("econ_justification", "econ_confidence"),
    "econ_1929": ("econ_justification", "econ_confidence"),
    "internationalism": ("intl_justification", "intl_confidence"),
    "party_democracy": ("demo_justification", "demo_confidence"),
}


def rows(head: list[str], body: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for cells in body:
        yield "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
    yield ""


def axes_of(person: pd.Series, hindsight: pd.Series) -> Iterator[list[str]]:
    for column, (why, sure) in AXES.items():
        if pd.notna(person[column]):
            yield [column, f"{person[column]:g}", person[sure], hindsight[column], person[why]]


def judged(member: MemberEntry, hindsight: pd.Series) -> Iterator[list[str]]:
    for word in ("prestige", "base", "loyalty", "opportunism", "foresight"):
        coded: Coded | None = getattr(member, word)
        if coded is None or (word == "base" and coded.confidence is None):
            continue
        yield [word, f"{coded.value:g}", coded.confidence or "", hindsight[word],
               coded.source or ""]  # fmt: skip


def patron(member: MemberEntry, ties: pd.DataFrame) -> Iterator[list[str]]:
    mine = ties[(ties.member == member.name) & (ties.patron == member.patron)]
    for tie in mine[mine.start <= "1922-04"].itertuples():
        yield ["patron", tie.patron, tie.confidence, tie.hindsight, f"{tie.ground}: {tie.source}"]


def in_the_world(scenario: Scenario) -> Iterator[str]:
    people, ties = members().set_index("name"), clienteles()
    hindsight = codings().set_index("coding").hindsight
    for member in scenario.members:
        yield f"### {member.name}\n"
        body = [*axes_of(people.loc[member.name], hindsight), *judged(member, hindsight),
                *patron(member, ties)]  # fmt: skip
        yield from rows(["coding", "value", "confidence", "hindsight", "evidence"], body)
    yield "### Bonds\n"
    body = [
        [bond.who, bond.whom, f"{bond.value.value:g}", bond.value.confidence or "",
         hindsight["bond"], bond.value.source or ""]
        for bond in scenario.bonds
    ]  # fmt: skip
    yield from rows(["from", "to", "value", "confidence", "hindsight", "evidence"], body)


def others(scenario: Scenario) -> Iterator[str]:
    hindsight = codings().set_index("coding").hindsight
    there = [member.name for member in scenario.members]
    frame = members()
    body = [
        [person["name"], *cells]
        for _, person in frame[~frame.name.isin(there)].iterrows()
        for cells in axes_of(person, hindsight)
    ]
    yield from rows(["who", "coding", "value", "confidence", "hindsight", "evidence"], body)


def tally(scenario: Scenario) -> str:
    """How many ideals of the world rest on what."""
    hindsight = codings().set_index("coding").hindsight
    people = members().set_index("name").loc[[m.name for m in scenario.members]]
    used = [column for column in AXES if column != "econ_1929"]
    sure = pd.concat([people[AXES[column][1]] for column in used]).value_counts()
    strong = [column for column in used if hindsight[column] == "strong"]
    return (
        f"Of the {sure.sum()} ideals of the world's {len(people)} men {sure.get('high', 0)} are "
        f"coded with high confidence, {sure.get('medium', 0)} with medium and "
        f"{sure.get('low', 0)} with low; {len(strong) * len(people)} ({', '.join(strong)}) are "
        "strongly open to hindsight."
    )


def page() -> str:
    scenario = load_scenario(WORLD)
    table = codings()
    lines = [
        "# The coder's book", "",
        f"Made by `python -m benchmarks.coders_book` from the tables in `history/` and the world "
        f"`{WORLD}`. Everything here is judgement, not measurement: read a number on a scale from "
        "-1 to 1 as about +-0.2 at high, +-0.3 at medium and +-0.5 at low confidence; a run can "
        f"draw it anew within that range. {tally(scenario)}", "",
        "## What is coded", "",
        *rows(["coding", "low end", "high end", "hindsight", "why", "used for"],
              table.astype(str).to_numpy().tolist()),
        f"## Members of {WORLD}", "", *in_the_world(scenario),
        "## Others in the tables", "",
        "They are in no world of 1922; their codings are used for the votes by themselves.", "",
        *others(scenario),
    ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
