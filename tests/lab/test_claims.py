"""From effects to verdicts: known cases, and the files that say what decides a claim."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.files.errors import ExperimentError, InputError
from politburo_sim.lab.bench import Bench, Effort, by_draw, load_ensemble
from politburo_sim.lab.kinds.contrasts import Contrasts
from politburo_sim.lab.kinds.survival import GROUPS, protection
from politburo_sim.lab.kinds.window import closing
from politburo_sim.lab.plan import Results, load, shipped
from politburo_sim.lab.variants import variant
from politburo_sim.lab.verdict import (
    Found,
    Part,
    drawn_effects,
    exact_bound,
    judge,
    judge_each,
    pool,
    said,
    summary,
    together,
)
from politburo_sim.lab.verdicts import claims
from politburo_sim.months import months_between
from politburo_sim.report.claims import (
    by_search,
    claims_report,
    moved,
    needed,
    overview,
    stability,
)
from politburo_sim.report.claims import effect as said_of
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world


def draws(true: np.ndarray, error: float, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    effect = true + error * rng.standard_normal(len(true))
    return pd.DataFrame({"draw": np.arange(len(true)), "effect": effect, "error": error, "n": 100})


def test_the_noise_of_runs_is_taken_out() -> None:
    true = np.random.default_rng(1).normal(0.1, 0.05, 400)
    frame = draws(true, 0.1)
    mu, tau2 = pool(frame["effect"].to_numpy(), frame["error"].to_numpy())
    assert abs(mu - 0.1) < 0.02 and abs(np.sqrt(tau2) - 0.05) < 0.02
    mean = drawn_effects(frame["effect"].to_numpy(), frame["error"].to_numpy(), [7])[0].mean(axis=0)
    assert np.abs(mean - true).mean() < np.abs(frame["effect"] - true).mean() * 0.7


@pytest.mark.parametrize(
    ("middle", "spread", "verdict"),
    [(0.3, 0.05, "supported"), (-0.1, 0.05, "not supported"), (0.05, 0.1, "partly")],
)
def test_known_ensembles_get_the_verdict_that_they_deserve(
    middle: float, spread: float, verdict: str
) -> None:
    true = np.random.default_rng(2).normal(middle, spread, 300)
    assert judge([Part("x", draws(true, 0.02), 1, 0.05)]).verdict == verdict
    assert judge([Part("x", draws(-true, 0.02), -1, 0.05)]).verdict == verdict


@pytest.mark.parametrize(("draws_made", "verdict"), [(10, "undecided"), (40, "supported")])
def test_draws_that_all_agree_still_leave_an_interval(draws_made: int, verdict: str) -> None:
    found = judge([Part("x", draws(np.full(draws_made, 0.5), 0.01), 1, 0.05)])
    # Of n in n: the lower end p is where p^n = 0.025 (Clopper and Pearson 1934).
    assert found.share == 1.0 and found.low**draws_made == pytest.approx(0.025)
    assert found.verdict == verdict


def test_all_parts_have_to_hold_in_the_same_draw() -> None:
    half = np.array([0.5] * 100 + [-0.5] * 100)
    one, other = Part("x", draws(half, 0.01), 1, 0.0), Part("y", draws(-half, 0.01), 1, 0.0)
    assert judge([one]).verdict == "partly"
    assert judge([one, other]).verdict == "not supported"


@given(st.floats(0, 1), st.floats(0, 1))
def test_every_interval_has_one_verdict(a: float, b: float) -> None:
    low, high = min(a, b), max(a, b)
    verdict = said(low, high)
    assert (verdict == "supported") == (low >= 0.8)
    assert (verdict == "not supported") == (high <= 0.2 and low < 0.8)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 60), st.floats(0.001, 1))
def test_a_summary_holds_its_mean(number: int, error: float) -> None:
    found = summary(draws(np.linspace(-1, 1, number), error))
    assert found["low"] <= found["mean"] <= found["high"] and found["least"] <= found["most"]


def test_a_rare_outcome_keeps_its_mean() -> None:
    """Draws in which nothing happened have the least error; weighted by it they would hide it."""
    effort = Effort(200, 30)
    rng = np.random.default_rng(5)
    seen = (rng.random(effort.runs) < 0.02).astype(float)
    frame = by_draw(seen, np.ones(effort.runs, dtype=bool), effort)
    found = summary(frame)
    assert found["mean"] == pytest.approx(seen.mean())
    assert found["low"] < 0.02 < found["high"]


def test_the_window_closes_after_the_last_band_that_matters() -> None:
    def table(*bands: tuple[float, float]) -> pd.DataFrame:
        months = months_between("1922-07", "1923-07", 3)[: len(bands)]
        return pd.DataFrame(
            {"month": months, "low": [b[0] for b in bands], "high": [b[1] for b in bands]}
        )

    inside, outside = (-0.04, 0.04), (-0.2, -0.1)
    assert closing(table(outside, outside, inside, inside), 0.05) == "1923-01"
    assert closing(table(inside, inside), 0.05) == "1922-07"
    assert closing(table(inside, outside), 0.05) is None


def test_every_claim_has_a_rule_about_contrasts_that_exist() -> None:
    files = shipped()
    for claim in claims.load_claims():
        assert claim.rule and claim.parts
        for rule in claim.parts:
            assert rule["experiment"] in claim.experiments
            assert ("above" in rule) != ("below" in rule)
            found = files[rule["experiment"]]
            wanted = rule["contrast"] if isinstance(rule["contrast"], list) else [rule["contrast"]]
            if isinstance(found, Contrasts):
                assert set(wanted) <= {c.name for c in found.contrasts}, claim.id


def test_a_small_run_of_a_claim_ends_with_a_verdict(tmp_path: Path) -> None:
    told: list[str] = []
    laboratory = claims.Laboratory(
        0, tmp_path, lambda runs, words="": told.append(words), lambda _: Effort(6, 4)
    )
    (claim,) = claims.chosen(["c12"])
    first = claims.decide(claim, laboratory)
    assert first.found.verdict in ("supported", "partly", "not supported", "undecided")
    stored = sorted(path.name for path in tmp_path.glob("*.parquet"))
    assert stored
    again = claims.Laboratory(0, tmp_path, effort=lambda _: Effort(6, 4))
    assert claims.decide(claim, again).found == first.found
    assert sorted(path.name for path in tmp_path.iterdir()) == stored


def test_an_unknown_claim_is_named() -> None:
    with pytest.raises(InputError, match="C99"):
        claims.chosen(["C99"])


CONTRASTS = """\
kind = "contrasts"
id = "mine"
title = "Mine"
question = "Does it matter?"
scenario = "ussr-1922"

[cells]
"as it was" = {}
"no ban" = { scenario = "no-faction-ban", settings = { unity = 0.5 } }
"Rykov" = { holder = { "General Secretary" = "Rykov" } }

[[contrasts]]
name = "sole rule"
outcome = "sole rule of Stalin"
weights = { "no ban" = 1, "as it was" = -1 }
given = "took_place"
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "contrasts"', 'kind = "contrast"', "line 1: kind: .*did you mean 'contrasts'"),
        ("weights =", "wieghts =", "line 15: .*wieghts: unknown key, did you mean 'weights'"),
        ("settings =", "setings =", "line 9: .*setings: unknown key, did you mean 'settings'"),
        ("question =", "qestion =", "line 4: qestion: unknown key, did you mean 'question'"),
        ('title = "Mine"\n', "", "title: missing"),
        ("unity = 0.5", "unity = 5", "line 9: .*unity: out of range"),
        ("unity = 0.5", "untiy = 5", "line 9: .*did you mean 'unity'"),
        ('"no-faction-ban"', '"no-faction-bna"', "line 9: .*no such world, did you mean"),
        ('"Rykov" }', '"Rikov" }', "line 10: .*no such member, did you mean 'Rykov'"),
        ('"as it was" = -1', '"as it wsa" = -1', "line 15: .*no such cell, did you mean"),
        ("of Stalin", "of Stalni", "line 14: .*no such member, did you mean 'Stalin'"),
        ('"took_place"', '"tok_place"', "line 16: .*no such outcome, did you mean 'took_place'"),
        ('"took_place"', '"removed_1990"', "line 16: .*no such year in no-faction-ban"),
        ('"Rykov" = { holder', '"Rykov" = { lots_of = "Rykov", holder', "line 10: .*no lots"),
        ('"Rykov" = { holder', '"Rykov" = { lots_of = "Rikov", holder', "no such cell, did you"),
        ('"Rykov" = { holder', '"Rykov" = { shift = "1921-01", holder', "no such month in ussr"),
        ('"Rykov" = { holder', '"Rykov" = { traits = { Lenin = { loyalty = 2 } }, holder',
         "line 10: .*loyalty: out of range"),
        ("{ \"no ban\" = 1, \"as it was\" = -1 }", "{}", "weights: too few"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_contrasts_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert CONTRASTS.count(old) == 1
    file = tmp_path / "mine.toml"
    file.write_text(CONTRASTS.replace(old, new), "utf-8")
    with pytest.raises(ExperimentError, match=said):
        load(file)
    file.write_text(CONTRASTS, "utf-8")
    assert load(file).size() == 2  # the third cell is in no contrast


def test_variants_change_one_thing() -> None:
    base = load_scenario("ussr-1922")
    other = variant("ussr-1922", holder={"General Secretary": "Rykov"})
    held = {o.name: o.holder for o in other.offices}
    assert held["General Secretary"] == "Rykov"
    assert other.members == base.members and other.events == base.events
    moved = variant("trotsky-speaks-1923", shift="1925-06")
    assert {e.date for e in moved.events if e.intervention} == {"1925-06"}
    gone = variant("ussr-1922", without=("General Secretary",))
    assert "General Secretary" not in {o.name for o in gone.offices}
    turned = variant("ussr-1922", rotate=1)
    assert sorted(str(m.ideal) for m in turned.members) == sorted(
        str(m.ideal) for m in base.members
    )
    assert turned.members != base.members
    bold = variant("ussr-1922", traits={"Stalin": {"opportunism": 0.9}})
    stalin = next(m for m in bold.members if m.name == "Stalin")
    assert stalin.opportunism is not None and stalin.opportunism.value == 0.9


@pytest.mark.parametrize("lot", [1, 2])
def test_shuffled_questions_come_up_in_one_another_s_months(lot: int) -> None:
    base, moved = load_scenario("ussr-1922"), variant("ussr-1922", shuffle=lot)
    assert sorted(q.date for q in base.questions) == [q.date for q in moved.questions]
    when = {q.id: q.date for q in base.questions}
    assert when != {q.id: q.date for q in moved.questions}
    assert [q.model_copy(update={"date": when[q.id]}) for q in sorted(
        moved.questions, key=lambda q: [each.id for each in base.questions].index(q.id)
    )] == list(base.questions)  # fmt: skip
    assert moved.model_copy(update={"questions": base.questions}) == base
    assert variant("ussr-1922", shuffle=lot) == moved != variant("ussr-1922", shuffle=lot + 1)
    assert build_world(moved).months == build_world(base).months


@pytest.mark.parametrize(
    "wrong",
    [{"holder": {"General Secretary": "Stalni"}}, {"holder": {"General Secretry": "Stalin"}},
     {"traits": {"Stalin": {"oportunism": 1.0}}}, {"without": ("Comintrn",)}],
)  # fmt: skip
def test_a_variant_of_what_is_not_there_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ExperimentError, match="did you mean"):
        variant("ussr-1922", **wrong)  # type: ignore[arg-type]


def test_verdicts_that_hang_on_the_master_seed_are_named() -> None:
    def told(*words: str) -> list[object]:
        return [
            SimpleNamespace(claim=SimpleNamespace(id=f"C{place}"), found=Found(0.5, 0.4, 0.6, word))
            for place, word in enumerate(words, 1)
        ]

    table = stability(
        {
            0: told("supported", "partly", "supported"),
            1: told("supported", "undecided", "partly"),
            2: told("supported", "partly", "not supported"),
        }
    )
    assert list(table["moves"]) == ["no", "yes", "between supported and not"]
    assert list(table.columns) == ["claim", "seed 0", "seed 1", "seed 2", "moves"]
    assert moved(table) == [
        "Over 3 master seeds: moving between supported and not supported, C3; "
        "moving at all, C2, C3."
    ]
    assert moved(stability({0: told("partly")})) == []


def test_a_bench_takes_sets_and_luck_of_its_own(tmp_path: Path) -> None:
    def drawn(**own: object) -> pd.DataFrame:
        bench = Bench(Effort(3, 2), 0, tmp_path, tmp_path / "cells", **own)  # type: ignore[arg-type]
        return bench.cell({"scenario": "equal-body"})

    sets = load_ensemble().thin(3)
    usual, same = drawn(), drawn(sets=sets)
    pd.testing.assert_frame_equal(usual, same)
    assert not usual.equals(drawn(stream=1))
    assert len(list((tmp_path / "cells").iterdir())) == 2


def risk(**groups: tuple[list[int], list[int]]) -> pd.DataFrame:
    """Members at risk and removed in histories of one draw; "after" has none."""
    columns: dict[str, object] = {"draw": 0}
    for group in GROUPS:
        at_risk, gone = groups.get(group.replace(", ", "_").replace(" ", "_"), ([0], [0]))
        columns[group], columns[f"{group}: removed"] = at_risk, gone
    return pd.DataFrame(columns)


def test_men_of_one_history_who_fall_together_say_less_than_men_who_fall_alone() -> None:
    """400 members of 100 histories: all four of a history fall or none, or each by himself."""
    half = [0] * 50 + [4] * 50
    safe = ([4] * 100, [0] * 100)
    together = protection(
        risk(
            before_no_bond=([4] * 100, half), before_bond=safe, after_bond=safe, after_no_bond=safe
        ),
        "before",
    )[0]
    spread = np.tile([1, 2, 3], 34)[:100]
    alone = protection(
        risk(before_no_bond=([4] * 100, list(spread)), before_bond=safe, after_bond=safe,
             after_no_bond=safe), "before",
    )[0]  # fmt: skip
    assert together["effect"].item() == pytest.approx(alone["effect"].item(), abs=0.01)
    wide = np.sqrt(0.25 / 99)  # a hundred histories, each a coin
    assert together["error"].item() == pytest.approx(wide, rel=0.01)
    assert alone["error"].item() == pytest.approx(np.sqrt(0.25 / 400), rel=0.05)


def test_bonds_that_save_in_the_same_histories_are_told_by_the_pair() -> None:
    """Where both groups of a history fall alike, their difference is surer than either."""
    half = [0] * 50 + [4] * 50
    both = ([4] * 100, half)
    table = risk(before_no_bond=both, before_bond=both, after_bond=both, after_no_bond=both)
    paired = protection(table, "before")[0]
    assert paired["effect"].item() == 0
    assert paired["error"].item() == pytest.approx(np.sqrt(2 * 0.25 / 401), rel=0.01), (
        "and never surer than of men who fall alone"
    )


def test_the_protection_of_two_times_is_compared_within_a_history() -> None:
    """Where men fall at both times in the same histories, the difference is surer than apart."""
    both = ([4] * 100, [0] * 50 + [4] * 50)
    safe = ([4] * 100, [0] * 100)
    table = risk(before_no_bond=both, before_bond=safe, after_no_bond=both, after_bond=safe)
    (before, one), (after, other) = protection(table, "before"), protection(table, "after")
    less, moves = protection(table, "before", "after")
    assert before["effect"].item() == after["effect"].item() > 0.4
    assert less["effect"].item() == pytest.approx(0, abs=1e-12)
    np.testing.assert_allclose(moves, one - other, atol=1e-12)
    assert less["error"].item() < 0.8 * np.hypot(before["error"].item(), after["error"].item())


@pytest.mark.parametrize("related", [-0.8, 0.0, 0.8])
@pytest.mark.parametrize("noisy", [-0.7, 0.0, 0.7])
def test_the_share_in_which_both_parts_hold_knows_how_they_go_together(
    related: float, noisy: float
) -> None:
    """True effects that rise together hold together oftener; noise that does so tells nothing."""
    rng, shares = np.random.default_rng(7), []
    for seed in range(12):
        apart = 1 - np.eye(2)
        true = rng.multivariate_normal([0.05] * 2, 0.0025 * (np.eye(2) + related * apart), 200)
        luck = rng.multivariate_normal([0, 0], 0.216 * (np.eye(2) + noisy * apart), (200, 60))
        seen = true[:, None] + luck
        moves = (seen - seen.mean(axis=1, keepdims=True)) / 60
        error = np.sqrt((moves**2).sum(axis=1))
        parts = [
            Part("x", draws(seen[..., k].mean(axis=1), 0.0).assign(error=error[:, k]), 1, 0.05,
                 moves[..., k])
            for k in (0, 1)
        ]  # fmt: skip
        shares.append(judge(parts, seed).share)
    both = 0.25 + np.arcsin(related) / (2 * np.pi)  # of two normal numbers above their means
    assert np.mean(shares) == pytest.approx(both, abs=0.035)


def test_a_part_of_a_rule_keeps_what_its_runs_move_it_by() -> None:
    """Of several contrasts the mean; of one whose runs are unknown nothing."""
    one, two = np.array([[0.1, -0.1]]), np.array([[0.3, -0.3]])
    frame = draws(np.ones(1), 0.1)
    results = SimpleNamespace(
        effects=dict.fromkeys(("a", "b", "c"), frame), moves={"a": one, "b": two}
    )

    def moves(*wanted: str) -> object:
        rule = {"experiment": "E0", "contrast": list(wanted), "above": 0.0}
        return claims.part_of(rule, results).moves  # type: ignore[arg-type]

    np.testing.assert_allclose(moves("a", "b"), [[0.2, -0.2]])
    np.testing.assert_allclose(moves("b"), two)
    assert moves("a", "c") is None


def test_the_parts_of_a_claim_are_refused_where_their_draws_are_other_sets(tmp_path: Path) -> None:
    """Draw 3 of sixty is another set than draw 3 of two hundred."""
    claim = next(one for one in claims.load_claims() if one.id == "C1")

    def laboratory(**efforts: Effort) -> claims.Laboratory:
        lab = claims.Laboratory(0, tmp_path / "cells")
        for id, effort in efforts.items():
            bench = Bench(effort, 0, tmp_path, tmp_path / "cells")
            effect = draws(np.full(effort.draws, 0.4), 0.01)
            wanted = {part["contrast"]: effect for part in claim.parts}
            lab.done[id] = Results(lab.files[id], bench, wanted)
        return lab

    assert claims.decide(claim, laboratory(E6=Effort(8, 2), E3=Effort(8, 9))).found.share > 0.9
    with pytest.raises(ExperimentError, match="the parts of C1 are of different draws"):
        claims.decide(claim, laboratory(E6=Effort(8, 2), E3=Effort(9, 9)))


def test_each_search_is_judged_by_itself() -> None:
    """A hundred sets of one search that all agree are one answer, not a hundred."""
    search = np.repeat([1, 2], 100)
    apart = Part("p", draws(np.where(search == 1, 0.4, -0.4), 0.01), 1, 0.05)
    alone = judge_each([apart], search)
    assert [one.verdict for one in alone] == ["supported", "not supported"]
    whole = together(alone)
    assert (whole.share, whole.verdict) == (pytest.approx(0.5, abs=0.01), "undecided")
    assert (whole.low, whole.high) == (alone[1].low, alone[0].high)
    assert judge([apart]).verdict == "partly", "which they would be if they were of one search"
    said = summary(apart.frame, search)
    assert said["mean"] == pytest.approx(0, abs=0.01)
    assert (said["low"] < -0.39, said["high"] > 0.39) == (True, True)

    same = Part("p", draws(np.full(200, 0.4), 0.01), 1, 0.05)
    both = together(judge_each([same], search))
    assert both.verdict == "supported"
    assert both.low == pytest.approx(exact_bound(100)), "two searches are no larger sample"
    assert judge_each([same], None) == (judge([same]),)
    assert together(judge_each([same], None)) == judge([same])


def test_draws_without_an_effect_do_not_shift_the_others_to_another_search() -> None:
    search = np.repeat([1, 2], 100)
    frame = draws(np.where(search == 1, 0.4, -0.4), 0.01)
    few = Part("p", frame[frame["draw"] >= 60], 1, 0.05)
    assert [one.verdict for one in judge_each([few], search)] == ["supported", "not supported"]


def test_a_claim_over_several_searches_says_where_they_disagree(tmp_path: Path) -> None:
    claim = next(one for one in claims.load_claims() if one.id == "C1")
    sets = replace(load_ensemble().thin(200), search=np.repeat([1, 2], 100))
    lab = claims.Laboratory(0, tmp_path / "cells", sets=sets)
    effect = draws(np.repeat([0.2, 0.9], 100), 0.01)  # below 0.5, and not
    for part in claim.parts:
        bench = Bench(Effort(200, 2), 0, tmp_path, tmp_path / "cells", sets=sets)
        wanted = {one["contrast"]: effect for one in claim.parts}
        lab.done[part["experiment"]] = Results(lab.files[part["experiment"]], bench, wanted)
    verdict = claims.decide(claim, lab)
    assert [one.verdict for one in verdict.alone] == ["supported", "not supported"]
    table = by_search([verdict])
    assert list(table.columns) == ["claim", "search 1", "search 2", "moves"]
    assert table["search 2"].item().startswith("not supported, 0 %")
    assert moved(table) == [
        "Over 2 searches: moving between supported and not supported, C1; moving at all, C1."
    ]
    assert by_search([replace(verdict, alone=())]).empty
    page = claims_report(
        tmp_path, [verdict], claims.parts_table([verdict]), {0: [verdict]}, design="", command="x"
    ).read_text(encoding="utf-8")
    assert "Over 2 searches" in page and "each is judged by itself" in page
    assert (tmp_path / "searches.csv").is_file()


def test_a_chance_of_a_claim_stays_in_0_to_1_where_its_range_would_pass_1(tmp_path: Path) -> None:
    """C1 rests on two chances; the other parts of its table are effects on one."""
    claim = next(one for one in claims.load_claims() if one.id == "C1")
    lab = claims.Laboratory(0, tmp_path / "cells")
    effect = draws(np.linspace(0.6, 1.1, 200), 0.05)
    for part in claim.parts:
        bench = Bench(Effort(200, 2), 0, tmp_path, tmp_path / "cells")
        wanted = {one["contrast"]: effect for one in claim.parts}
        lab.done[part["experiment"]] = Results(lab.files[part["experiment"]], bench, wanted)
    table = claims.parts_table([claims.decide(claim, lab)])
    assert list(table["most"]) == [1.0, 1.0] and (table["least"] < 0.7).all()


@pytest.mark.parametrize("quick", [False, True])
def test_the_experiments_of_one_claim_have_the_same_draws(quick: bool) -> None:
    files = shipped()
    for claim in claims.load_claims():
        wanted = {files[rule["experiment"]].effort(quick).draws for rule in claim.parts}
        assert len(wanted) == 1, claim.id


@pytest.mark.parametrize("verdict", ["supported", "partly", "undecided", "not supported"])
def test_two_scales_that_disagree_in_sign_decide_nothing(verdict: str) -> None:
    found = Found(0.5, 0.4, 0.6, verdict)
    kept, _ = claims._two_scales(found, 0.06, 0.2)
    assert kept == found
    apart, note = claims._two_scales(found, 0.06, -0.2)
    assert "disagree in sign" in note
    assert apart == replace(found, verdict="undecided")


def test_what_fails_is_said_with_the_share_of_the_sets_in_which_it_holds() -> None:
    """A mean may be where it is needed, and the part hold in too few sets all the same."""
    claim = next(one for one in claims.load_claims() if one.id == "C5")
    effect = {"mean": 1.709, "low": 1.5, "high": 1.9, "least": 0.0, "most": 3.0}
    part, whole = Found(0.74, 0.7, 0.78, "partly"), Found(0.59, 0.52, 0.66, "partly")
    parts = (
        claims.Judged("E1 removed", "above 0.5", effect, part),
        claims.Judged("E1 ruled", "above 0.05", effect, Found(1.0, 0.98, 1.0, "supported")),
    )
    row = overview([claims.Verdict(claim, whole, parts)]).iloc[0]
    assert row["where it fails"] == (
        "E1 removed (mean +1.71, needed above 0.5, so in 74 % of the sets)"
    )
    assert row["share of the ensemble"].startswith("59 %")


def test_each_part_is_said_in_the_unit_of_what_it_measures(tmp_path: Path) -> None:
    """Chances that differ in points, chances themselves in per cent, all else in its own number."""
    found: dict[str, list[tuple[str, str]]] = {}
    for claim in claims.load_claims():
        lab = claims.Laboratory(0, tmp_path / "cells")
        for part in claim.parts:
            experiment = lab.files[part["experiment"]]
            bench = Bench(Effort(200, 2), 0, tmp_path, tmp_path / "cells")
            names = part["contrast"] if isinstance(part["contrast"], list) else [part["contrast"]]
            told = lab.done.setdefault(experiment.id, Results(experiment, bench))
            told.levels = experiment.kind == "forecast"
            told.effects |= {name: draws(np.full(200, 0.2), 0.01) for name in names}
            told.outcomes |= {
                c.name: c.outcome for c in getattr(experiment, "contrasts", ()) if c.name in names
            }
            told.said |= {f"log-odds of {name}": 0.1 for name in names}
        said = claims.decide(claim, lab)
        found[claim.id] = [(one.unit, needed(one.needed, one.unit)) for one in said.parts]
    assert found["C1"] == [("%", "below 80 %"), ("%", "below 50 %")]
    assert found["C2"] == [("points", "below −5 points")] * 2  # noqa: RUF001
    assert found["C5"] == [("", "above 0.5"), ("points", "above 5 points")]
    assert [unit for unit, _ in found["C6"]] == ["points", "%", "points"]
    assert {unit for unit, _ in found["C10"]} == {"points"}
    assert found["C9"][0] == ("", "above 0.5") and found["C11"][0] == ("%", "above 50 %")
    effect = {"mean": 0.2, "low": -0.1, "high": 0.5}
    assert said_of(effect, "points") == "+20.0 points (−10.0 to +50.0)"  # noqa: RUF001
    assert said_of(effect | {"low": 0.1}, "%") == "20 % (10 to 50 %)"
    assert said_of(effect, "") == "+0.20 (−0.10 to +0.50)"  # noqa: RUF001
