"""What `show` says of an experiment: all that is run and compared, and nothing else."""

import pytest

from politburo_sim.files import locate
from politburo_sim.lab import plan
from politburo_sim.lab.answer import choices
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.outline import WIDE, outline
from politburo_sim.outcomes import outcome_words
from politburo_sim.report.words import MINUS

CONTRASTS = [name for name in locate.names("experiments") if isinstance(plan.load(name), Contrasts)]


def flat(experiment: plan.Experiment) -> str:
    """The outline on one line, so that it does not hang on where lines are broken."""
    return " ".join(" ".join(outline(experiment)).replace("\n", " ").split())


def sections(experiment: Contrasts) -> dict[str, str]:
    """What stands below each heading of a measure."""
    parts = "\n".join(outline(experiment)).split("\nMeasured: ")[1:]
    heads = {part.partition("\n")[0]: part.partition("\n")[2] for part in parts}
    return {head: " ".join(body.split()) for head, body in heads.items()}


@pytest.mark.parametrize("name", CONTRASTS)
def test_every_world_and_every_contrast_can_be_read_from_it(name: str) -> None:
    experiment = plan.load(name)
    assert isinstance(experiment, Contrasts)
    whole, under = flat(experiment), sections(experiment)
    worlds = whole.partition("Worlds that are run")[2].partition("Measured: ")[0]
    for cell, changed in experiment.cells.items():
        assert f" {cell} " in worlds
        for parameter, value in changed.settings.items():
            assert f"{parameter} = {value:g}" in worlds
        assert changed.scenario is None or f"the world {changed.scenario}" in worlds
    for contrast in experiment.contrasts:
        who, _, what = contrast.name.rpartition(": ")
        words = outcome_words(contrast.outcome)
        plain = contrast.name in under.get(words, "")
        as_one = [
            body for head, body in under.items()
            if who and words == head.replace("...", who) and what in body
            and (who in body or "each of the other" in body)
        ]  # fmt: skip
        assert plain or as_one, contrast.name
        first = next(iter(contrast.weights))
        assert any(first in body or "..." in body for body in under.values())


def test_an_interaction_is_the_sum_that_it_is() -> None:
    said = flat(plan.load("E1")).replace(MINUS, "-")
    assert "interaction strong many - strong few - weak many + weak few interaction with" in said
    assert "with --quick 18,000" in said and said.count("Measured: ") == 5


def test_many_worlds_of_one_weight_are_a_mean_and_others_are_not() -> None:
    said = flat(plan.load("e7-office-or-man")).replace(MINUS, "-")
    others = [f"{who} holds the post" for who in ("Trotsky", "Zinoviev", "Kamenev", "Rykov")]
    assert f"the mean of ({', '.join(others)}, Tomsky holds the post) - Stalin holds" in said
    assert "0.2 x" not in said


@pytest.mark.parametrize("name", locate.names("experiments"))
def test_every_kind_says_what_its_file_says_within_the_page(name: str) -> None:
    experiment = plan.load(name)
    lines = "\n".join(outline(experiment)).split("\n")
    long = [line for line in lines if len(line) > WIDE and not line.startswith("Measured: ")]
    assert not long
    said = flat(experiment)
    for part in (experiment.title, experiment.question, experiment.scenario, *experiment.claims):
        assert part in said
    assert f"{experiment.work(experiment.effort()):,} histories" in said
    assert "False" not in said and "{" not in said and "None" not in said


def test_an_answer_that_was_not_asked_yet_shows_what_it_may_say() -> None:
    assert choices("It {a?rises|falls|stays}: {a}, {b: c}.") == (
        "It [rises / falls / stays]: [...], [...]."
    )
