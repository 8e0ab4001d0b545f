"""Did it matter: effects of known size, the same draws as an experiment's, and two changes."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from politburo_sim.files.errors import InputError, ResultError, ScenarioError
from politburo_sim.lab.bench import Bench, Effort, by_draw
from politburo_sim.lab.matter import saying
from politburo_sim.lab.matter.comparison import FULL, QUICK, Comparison, compare, question
from politburo_sim.lab.matter.effects import NOUGHT, Effect, effect_of
from politburo_sim.lab.matter.scale import scale, size_word
from politburo_sim.lab.matter.sides import side, sides
from politburo_sim.lab.matter.twins import paired_effect
from politburo_sim.lab.plan import load
from politburo_sim.lab.provenance import folder_for, write_manifest
from politburo_sim.lab.verdict import summary
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

BASE, TROTSKY = "ussr-1922", "trotsky-speaks-1923"
BAN, LETTER = "no-faction-ban", "letter-read-1924"


def readings(mean: float, spread: float, noise: float, number: int = 4_000) -> pd.DataFrame:
    """Draws whose true effects are normal, seen with the noise of their histories."""
    rng = np.random.default_rng(7)
    parts = rng.standard_normal((2, number))
    parts = (parts - parts.mean(axis=1, keepdims=True)) / parts.std(axis=1, keepdims=True)
    effect = mean + spread * parts[0] + noise * parts[1]
    return pd.DataFrame({"effect": effect, "error": noise})


@pytest.mark.parametrize(
    ("mean", "spread", "noise"),
    [(0.05, 0.05, 0.1), (-0.05, 0.05, 0.1), (0.02, 0.08, 0.05), (-0.2, 0.02, 0.1)],
)
def test_readings_against_are_counted_without_the_noise_of_their_histories(
    mean: float, spread: float, noise: float
) -> None:
    """Known answer: of normal true effects Phi(-|mean| / spread) have the other sign."""
    frame = readings(mean, spread, noise)
    found, known = effect_of(frame), norm.cdf(-abs(mean) / spread)
    assert found.share_of_readings == pytest.approx(known, abs=0.03)
    seen = float((np.sign(frame["effect"]) != np.sign(mean)).mean())
    if noise >= spread:
        assert seen > known + 0.015  # what counting the draws as they are seen would say


def test_the_interval_is_luck_and_doubt_of_known_size() -> None:
    found = effect_of(readings(-0.1, 0.05, 0.1))
    assert found.effect == pytest.approx(-0.1, abs=0.005)
    half = (found.high_luck - found.low_luck) / 2
    assert half == pytest.approx(1.96 * 0.1 / np.sqrt(4_000), rel=0.01)
    ends = -0.1 + np.array([-1, 1]) * 1.96 * 0.05
    assert [found.low, found.high] == pytest.approx(ends, abs=0.012)


def test_without_doubt_only_luck_is_left() -> None:
    """All readings agree: none is against a clear mean, and half where luck hides its sign."""
    sure, unsure = (effect_of(readings(mean, 0.0, 0.1, 400)) for mean in (0.1, 1e-6))
    assert sure.share_of_readings is not None and sure.share_of_readings < 0.01
    assert unsure.share_of_readings == pytest.approx(0.5, abs=0.02)
    assert sure.low > 0


def test_how_far_readings_differ_is_open_where_histories_are_few() -> None:
    """The same draws but for their noise: the less is known of tau, the less is said to be sure."""
    few, many = (effect_of(readings(0.04, 0.0, noise, 50)) for noise in (0.15, 0.01))
    assert few.share_of_readings is not None and many.share_of_readings is not None
    assert few.share_of_readings > 0.1 > 0.01 > many.share_of_readings
    assert few.low < 0 < many.low


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30), st.floats(0.001, 0.5))
def test_luck_never_reaches_beyond_luck_and_doubt(effects: list[float], error: float) -> None:
    found = effect_of(pd.DataFrame({"effect": effects, "error": error}))
    assert found.low <= found.low_luck <= found.effect <= found.high_luck <= found.high
    if len(effects) == 1:
        assert found.share_of_readings is None
    else:
        assert found.share_of_readings is not None and 0 <= found.share_of_readings <= 1


def test_a_rare_outcome_has_the_effect_that_was_seen() -> None:
    """One history in fifty, which the change takes away: minus two points, not nought."""
    effort = Effort(200, 30)
    seen = -(np.random.default_rng(3).random(effort.runs) < 0.02).astype(float)
    found = effect_of(by_draw(seen, np.ones(effort.runs, dtype=bool), effort))
    assert found.effect == pytest.approx(seen.mean()) and found.high_luck < 0


# the scale of words


def test_the_scale_goes_up_and_asks_for_more_agreement() -> None:
    words = scale()
    assert [step.word for step in words] == ["nothing", "little", "some", "much"]
    assert [step.points for step in words] == sorted(step.points for step in words)
    assert [step.against for step in words] == sorted((s.against for s in words), reverse=True)
    for step in words[1:]:
        at = step.points / 100
        assert size_word(-at, step.against) == step.word != size_word(0.99 * at, step.against)
        assert size_word(at, min(1.0, step.against + 0.01)) != step.word


def told(effect: float, against: float | None, base: float = 0.31) -> str:
    found = Effect(effect, effect - 0.1, effect + 0.1, effect, effect, against, 0, 0, 0, 0)
    return saying.of_change("Anna", base, base + effect, found)


def test_one_sentence_says_it() -> None:
    assert told(-0.04, 0.3) == (
        "Anna's chance of sole rule falls from 31 in 100 to 27; in 3 of 10 readings of the "
        "record it does not fall. The effect counts as “little”."
    )
    assert told(0.3, 0.001).endswith(
        "to 61, and does so in every reading of the record. The effect counts as “much”."
    )
    assert "in fewer than 1 of 10 readings" in told(-0.2, 0.02)
    assert "stays at 31 in 100 (+0.1 points)" in told(0.001, 0.45)
    assert told(-0.009, 0.45).endswith(
        "to 30; in 4 of 10 readings of the record it does not fall. The effect counts as “nothing”."
    )
    assert told(0.0004, 0.5).endswith(
        "chance of sole rule stays at 31 in 100 (0.0 points). The effect counts as “nothing”."
    )
    assert told(-0.2, None).endswith(", at one set of rules alone. The effect counts as “much”.")
    assert "from less than 1 in 100 to 20" in told(0.196, 0.0, base=0.004)
    assert saying.of_change("anybody", 0.5, 0.5, NOUGHT).startswith("The chance of anybody's sole")


def test_words_that_luck_leaves_open_are_named() -> None:
    def size(low: float, high: float, against: float = 0.0) -> str:
        return saying.size(Effect((low + high) / 2, -1, 1, low, high, against, 0, 0, 0, 0))

    assert size(0.02, 0.04) == "“little”" and size(-0.3, -0.2) == "“much”"
    assert size(0.04, 0.06) == "“some” (counting luck alone, anything from “little” to “some”)"
    assert size(-0.2, -0.04) == "“some” (counting luck alone, anything from “little” to “much”)"
    assert size(-0.02, 0.03).endswith("(counting luck alone, anything from “nothing” to “little”)")
    assert size(-0.2, 0.3).endswith("(counting luck alone, anything from “nothing” to “much”)")
    assert size(-0.3, -0.2, 0.25) == "“some”", "what readings forbid no luck brings back"


# the same draws as an experiment's


def test_the_effect_is_that_of_the_experiment_to_the_digit(tmp_path: Path) -> None:
    """E4's contrast through the machinery of experiments, with the same number of histories."""
    experiment = load("e4-counterfactuals")
    bench = Bench(experiment.effort(runs=400), experiment.seed, tmp_path, tmp_path / "cells")
    name = "Trotsky speaks (April 1923): sole rule of Stalin"
    contrast = next(one for one in experiment.contrasts if one.name == name)
    parts = [(experiment.spec(cell), w) for cell, w in contrast.weights.items()]
    theirs = summary(bench.effect(contrast.outcome, parts))
    found = compare(BASE, TROTSKY, who="Stalin", runs=400)
    ours = found.main.effect
    assert found.asked.effort == bench.effort
    assert [ours.effect, ours.mean_low, ours.mean_high, ours.least, ours.most] == [
        theirs[key] for key in ("mean", "low", "high", "least", "most")
    ]
    met = summary(bench.effect("took_place", [(experiment.spec("Trotsky speaks (April 1923)"), 1)]))
    assert found.main.precondition == pytest.approx(met["mean"])


@pytest.fixture(scope="module")
def two() -> Comparison:
    return compare(BASE, BAN, LETTER, runs=400)


def test_two_changes_and_their_interaction_add_up(two: Comparison) -> None:
    one, other = (change.effect.effect for change in two.changes)
    assert two.joint is not None and two.interaction is not None
    both = two.joint.effect.effect
    assert both == pytest.approx(one + other + two.interaction.effect)
    alone = compare(BASE, BAN, runs=400)
    assert alone.main.effect == two.changes[0].effect
    whole = compare(BASE, f"{BAN}+{LETTER}", runs=400)
    assert whole.main.effect == two.joint.effect and whole.interaction is None


def test_the_summary_holds_what_is_promised(two: Comparison) -> None:
    said = two.summary()
    assert {
        "sentence", "who", "effect", "low", "high", "low_luck", "high_luck", "share_of_readings",
        "precondition", "interaction", "base", "alt", "pairs", "flipped", "saving", "parted",
        "intervention_took_place", "median_month_of_parting", "outcomes", "changes",
    } <= said.keys()  # fmt: skip
    assert (said["who"], said["pairs"], said["readings"]) == ("Stalin", 400, 200)
    assert json.loads(json.dumps(said["interaction"]))["effect"] == two.interaction.effect
    assert 0 < said["precondition"] < 1 and len(said["changes"]) == 3
    assert said["sentence"] == two.sentence == said["changes"][2]["sentence"]


def test_what_no_history_shows_may_be_there_yet() -> None:
    """Histories part, but nobody's rule hangs on it: the bound of so many, and no certainty."""
    effort, total = Effort(2, 5), np.zeros(10)
    found = paired_effect(effort, total)
    assert (found.effect, found.high_luck) == (0.0, pytest.approx(1 - 0.025 ** (1 / 10)))
    assert found.low == found.low_luck == -found.high
    assert "anything from “nothing” to “much”" in saying.of_change("Anna", 0.0, 0.0, found)
    assert paired_effect(effort, total, part=False) == NOUGHT
    met = paired_effect(effort, np.eye(1, 10)[0], np.arange(10) > 4)
    assert met.high == pytest.approx(1 - 0.025 ** (1 / 5))


def test_no_end_of_an_interval_is_beyond_what_can_be() -> None:
    found = compare(BASE, "no-faction-ban", runs=4)
    for name, bound in (("established", 1.0), ("leader_share", 1.0)):
        row = found.main.table.set_index("outcome").loc[name]
        ends = ["low", "high", "low_luck", "high_luck", "least", "most"]
        assert row[ends].abs().max() <= bound
    with pytest.raises(InputError, match="4 or more: two readings"):
        compare(BASE, "no-faction-ban", runs=3)


def test_a_change_that_changes_nothing_is_nothing() -> None:
    found = compare(BASE, BASE, runs=20)
    assert found.main.effect == NOUGHT and found.main.flipped == 0
    assert "in 100 with the change as without it" in found.sentence
    assert found.sentence.endswith("The effect counts as “nothing”.")


def test_worlds_by_name_as_scenarios_and_as_built_have_one_answer() -> None:
    by_name = compare(BASE, LETTER, runs=40, settings={"B.unity": 0.3})
    as_read = compare(
        load_scenario(BASE), load_scenario(LETTER), runs=40, settings={f"{LETTER}.unity": 0.3}
    )
    as_built = compare(BASE, build_world(load_scenario(LETTER), {"unity": 0.3}), runs=40)
    assert by_name.main.effect == as_read.main.effect == as_built.main.effect
    assert by_name.asked.changes[0].name == "letter-read-1924-unity-0.3"


def test_at_the_defaults_there_is_one_reading() -> None:
    found = compare(BASE, TROTSKY, runs=40, at_defaults=True)
    assert found.summary()["readings"] == 1 and found.summary()["pairs"] == 40
    assert found.main.effect.share_of_readings is None
    assert (found.main.effect.low, found.main.effect.high) == pytest.approx(
        (found.main.effect.low_luck, found.main.effect.high_luck), abs=1e-6
    )


def test_histories_are_added_until_luck_leaves_little_open() -> None:
    found = compare(BASE, BAN, quick=True, precision=0.06)
    half = (found.main.effect.high_luck - found.main.effect.low_luck) / 2
    assert half <= 0.06 and found.asked.effort.draws == QUICK.draws
    assert found.asked.command.endswith("--quick --precision 0.06")
    with pytest.raises(InputError, match="without --precision"):
        compare(BASE, BAN, runs=40, precision=0.06)


def test_a_precise_answer_takes_no_folder_of_another(tmp_path: Path) -> None:
    plain, precise = (question(BASE, BAN, quick=True, precision=to) for to in (None, 0.06))
    assert plain.name + "-to-0.06" == precise.name
    found = Comparison(replace(precise, effort=Effort(2, 2)), ())
    write_manifest(tmp_path, **(precise.said() | {"effort": vars(found.asked.effort)}))
    assert folder_for(precise.said(), tmp_path, tmp_path) == tmp_path
    with pytest.raises(ResultError, match="another result"):
        folder_for(plain.said(), tmp_path, tmp_path)
    write_manifest(tmp_path, **plain.said())
    with pytest.raises(ResultError, match="another result"):
        folder_for(precise.said(), tmp_path, tmp_path)


def test_how_much_is_run_is_said_by_an_experiment() -> None:
    assert question(BASE, TROTSKY).effort == FULL == load("e4-counterfactuals").effort()


# what is asked


def test_settings_are_of_all_sides_or_of_one() -> None:
    base, (one, other), joint = sides(BASE, [BAN, LETTER], {"opacity": 0.5, "B.gap": 0.1})
    assert base.settings == one.settings == {"opacity": 0.5}
    assert joint is not None and other.settings == joint.settings == {"opacity": 0.5, "gap": 0.1}
    base, (one,), _ = sides(BASE, [BASE], {"B.unity": 0.4})
    assert base.settings == {} and one.settings == {"unity": 0.4}
    assert sides(BASE, [LETTER], {"BASE.unity": 0.4})[0].settings == {"unity": 0.4}
    assert side(build_world(load_scenario(BASE))).settings == {}


def test_the_joint_may_be_named() -> None:
    for last in ("A+B", f"{BAN}+{LETTER}"):
        _, changes, joint = sides(BASE, [BAN, LETTER, last], {})
        assert len(changes) == 2 and joint is not None
        assert joint.scenario.name == f"{BAN}+{LETTER}"
    _, changes, joint = sides(BASE, [BAN, LETTER, TROTSKY], {})
    assert len(changes) == 3 and joint is None


@pytest.mark.parametrize(
    ("changes", "given", "part"),
    [
        ([LETTER], {"C.unity": 0.4}, "no such side"),
        ([LETTER], {"B.unty": 0.4}, "did you mean 'unity'?"),
        ([LETTER], {"B.unity": 4.0}, "a number from 0 to 1"),
        ([LETTER, BAN], {"A.gap": 0.1, "B.gap": 0.2}, "different values"),
        ([], {}, "nothing to compare with"),
    ],
)
def test_a_wrong_setting_is_refused(
    changes: list[str], given: dict[str, float], part: str
) -> None:  # fmt: skip
    with pytest.raises(InputError) as error:
        sides(BASE, changes, given)
    assert part in str(error.value)


def test_worlds_that_change_the_same_key_are_not_joined(tmp_path: Path) -> None:
    for name, seats in (("one", 6), ("two", 8)):
        text = f'title = "{name}"\nextends = "ussr-1922"\nseats = {seats + 1}\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    paths = [str(tmp_path / f"{name}.toml") for name in ("one", "two")]
    with pytest.raises(ScenarioError, match="two of these worlds say something of their own"):
        sides(BASE, paths, {})


def test_who_is_asked_about() -> None:
    assert question(BASE, LETTER).who == "Stalin"  # the world names him
    assert question(BASE, LETTER, who="anybody").who == "anybody"
    with pytest.raises(InputError, match="did you mean 'Bukharin'"):
        question(BASE, LETTER, who="Bukarin")
    with pytest.raises(InputError, match="the same months"):
        question(BASE, "presidium-1957")


def test_the_command_says_all_that_was_asked() -> None:
    asked = question(
        BASE, LETTER, who="anybody", settings={"B.unity": 0.4, "gap": 0.1}, seed=5, quick=True,
        runs=100,
    )  # fmt: skip
    assert asked.command == (
        "politburo-sim compare ussr-1922 letter-read-1924 --set B.unity=0.4 --set gap=0.1 "
        "--who anybody --seed 5 --quick --runs 100"
    )


def test_no_result_is_written_over(tmp_path: Path) -> None:
    usual, said = tmp_path / "results" / "x", {"kind": "compare", "seed": 1}
    assert folder_for(said, usual) == usual
    usual.mkdir(parents=True)
    write_manifest(usual, **said)
    assert folder_for(said, usual) == usual  # the same question
    other = {"kind": "compare", "seed": 2}
    assert folder_for(other, usual) == tmp_path / "results" / "x-2"
    (tmp_path / "results" / "x-2").mkdir()
    (tmp_path / "results" / "x-2" / "mine.txt").touch()
    assert folder_for(other, usual) == tmp_path / "results" / "x-3"
    with pytest.raises(ResultError, match="another result"):
        folder_for(other, usual, out=usual)
    assert folder_for(other, usual, out=tmp_path / "new") == tmp_path / "new"


def test_an_interaction_that_is_nowhere_is_not_below_nought() -> None:
    said = saying.of_interaction("Anna", 0.0, [0.0, 0.0], NOUGHT)
    assert "The interaction is 0.0 points in every reading of the record." in said
    assert "below" not in said
    found = replace(NOUGHT, effect=-0.1, low=-0.2, high=-0.1)
    one = saying.of_interaction("Anna", -0.2, [-0.1, 0.0], found)
    assert "is below nought in every reading" in one
