"""Laws that hold in every world, on both drivers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import DRIVERS, assert_same, by_engine, random_scenario, random_world

from politburo_sim.state import journal as j
from politburo_sim.state.body import CANDIDATE, FULL, NOBODY, REMOVED
from politburo_sim.state.parameters import TABLE
from politburo_sim.worlds.scenario import Scenario, load_scenario
from politburo_sim.worlds.world import build_world

KEYS = st.integers(0, 10**9)
SEEDS = st.integers(0, 2**63 - 1)
both = pytest.mark.parametrize("driver", DRIVERS)
few = settings(max_examples=25)


def changed(scenario: Scenario, **fields: object) -> Scenario:
    """The scenario read again with other fields."""
    return Scenario.model_validate({**scenario.model_dump(by_alias=True), **fields})


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_shares_sum_to_one_and_bases_to_at_most_one(driver: str, key: int, seed: int) -> None:
    body = DRIVERS[driver](random_world(key), seed).body
    here = (body["status"] == FULL) | (body["status"] == CANDIDATE)
    assert not here.any() or abs(body["share"].sum() - 1) < 1e-9
    assert (body["share"][~here] == 0).all()
    assert (body["bases"] >= 0).all()
    assert body["bases"].sum() <= 1 + 1e-9


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_numbers_stay_in_their_ranges(driver: str, key: int, seed: int) -> None:
    body = DRIVERS[driver](random_world(key), seed).body
    for field in ("ideal", "stance", "bond", "line"):
        assert (np.abs(body[field]) <= 1 + 1e-12).all(), field
    for field in ("opportunism", "loyalty", "foresight", "opacity"):
        assert ((body[field] >= 0) & (body[field] <= 1)).all(), field
    assert (body["prestige"] >= 0).all()


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_seats_and_their_holders_agree(driver: str, key: int, seed: int) -> None:
    body = DRIVERS[driver](random_world(key), seed).body
    full = np.flatnonzero(body["status"] == FULL)
    assert len(full) <= body["seat_open"].sum()
    for slot in full:
        assert body["seat_holder"][body["seat"][slot]] == slot
    assert (body["seat"][body["status"] != FULL] == NOBODY).all()


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_the_removed_never_vote(driver: str, key: int, seed: int) -> None:
    run = DRIVERS[driver](random_world(key), seed)
    out: set[int] = set()
    for entry in run.entries:
        if entry.ballot >= 0:
            involved = set(np.flatnonzero(run.ballots[entry.ballot] >= 0).tolist())
            assert not involved & out
        if (entry.kind == j.SANCTION and entry.what >= REMOVED) or entry.kind == j.BEREFT:
            out.add(int(entry.who))
    body = run.body
    gone = (body["status"] != FULL) & (body["status"] != CANDIDATE)
    assert (body["coalition"][gone] == NOBODY).all()


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_a_run_is_repeated_exactly(driver: str, key: int, seed: int) -> None:
    world = random_world(key)
    assert_same(DRIVERS[driver](world, seed), DRIVERS[driver](world, seed), f"world {key}")


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_without_norm_and_baseline_nobody_is_removed(driver: str, key: int, seed: int) -> None:
    scenario = random_scenario(key)
    calm = tuple(e for e in scenario.events if e.kind not in ("question", "norm"))
    world = build_world(
        scenario.model_copy(update={"events": calm}),
        {"unity": 0, "baseline_liability": 0, "proposals": 0},
    )
    body = DRIVERS[driver](world, seed).body
    assert (body["rung"] == 0).all()


@few
@given(key=KEYS, seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_order_of_a_file_changes_nothing(key: int, seed: int, order: object) -> None:
    scenario = random_scenario(key)
    members = list(scenario.members)
    order.shuffle(members)  # type: ignore[attr-defined]
    other = scenario.model_copy(update={"members": tuple(members)})
    assert_same(
        by_engine(build_world(scenario), seed), by_engine(build_world(other), seed), f"world {key}"
    )


@few
@given(key=KEYS, seed=SEEDS)
def test_a_new_name_with_the_same_id_changes_nothing(key: int, seed: int) -> None:
    scenario = random_scenario(key)
    text = scenario.model_dump_json(by_alias=True, exclude={"rules"})
    first = scenario.members[0]
    renamed = Scenario.model_validate_json(text.replace('"M0"', '"Somebody else"')).model_copy(
        update={"rules": scenario.rules}
    )
    members = tuple(
        m.model_copy(update={"id": first.key}) if m.name == "Somebody else" else m
        for m in renamed.members
    )
    renamed = renamed.model_copy(update={"members": members})
    assert_same(
        by_engine(build_world(scenario), seed), by_engine(build_world(renamed), seed), str(key)
    )


@few
@given(key=KEYS, seed=SEEDS)
def test_an_event_that_does_nothing_changes_nothing(key: int, seed: int) -> None:
    scenario = random_scenario(key)
    nothing = {"id": "nothing", "date": "1922-06", "text": "Nothing happens.", "kind": "bond",
               "who": "M0", "whom": "M1", "amount": 0.0}  # fmt: skip
    events = (*scenario.model_dump(by_alias=True)["events"], nothing)
    with_it = by_engine(build_world(changed(scenario, events=events)), seed)
    without = by_engine(build_world(scenario), seed)
    for field in without.body.dtype.names:
        if field != "count":
            assert np.array_equal(with_it.body[field], without.body[field], equal_nan=True), field
    assert np.array_equal(with_it.ballots, without.ballots)


@few
@given(key=KEYS, seed=SEEDS)
def test_one_more_silent_member_differs_by_exactly_that_member(key: int, seed: int) -> None:
    scenario = random_scenario(key)
    silent = {"name": "Silent", "status": "awaited", "prestige": 0.0}
    members = (*scenario.model_dump(by_alias=True)["members"], silent)
    one = build_world(scenario)
    more = build_world(changed(scenario, members=members))
    a, b = by_engine(one, seed).body, by_engine(more, seed).body
    place = {ident: slot for slot, ident in enumerate(b["ident"].tolist()) if ident}
    for slot, ident in enumerate(a["ident"].tolist()):
        if ident == 0:
            continue
        for field in ("share", "bases", "prestige", "rung", "status", "stance", "since"):
            assert np.array_equal(a[field][slot], b[field][place[ident]]), (field, slot)


@few
@given(key=KEYS, seed=SEEDS)
def test_doubling_all_prestige_changes_no_vote(key: int, seed: int) -> None:
    scenario = random_scenario(key)
    twice = scenario.model_dump(by_alias=True)
    for member in twice["members"]:
        member["prestige"]["value"] *= 2
    for office in twice["offices"]:
        office["prestige"]["value"] *= 2
    rules = {**scenario.rules, "newcomer_prestige": 1.0}
    one = build_world(scenario.model_copy(update={"rules": rules}))
    two = build_world(
        Scenario.model_validate(twice).model_copy(
            update={"rules": {**rules, "newcomer_prestige": 2.0}}
        )
    )
    assert np.array_equal(by_engine(one, seed).ballots, by_engine(two, seed).ballots)


def test_in_the_collegial_control_nobody_is_ever_removed() -> None:
    from support import many

    out = many(build_world(load_scenario("collegial-control")), 300)
    assert (out.rungs[:, :, 1:] == -1).all()


# Where a mechanism is off by default, what has to be on for its parameter to show.
NEEDS = {
    "foresight_depth": {"foresight": 1.0},
    "interaction": {"unity_bandwagon": 1.0},
    "strike_threat": {"rule_of_one": 1.0, "appointments": 0.1},
    "strike_bond": {"rule_of_one": 1.0, "appointments": 0.1},
    "strike_patronage": {"rule_of_one": 1.0, "appointments": 0.1},
    "expulsion_majority": {"severity": 0.3},
    "newcomer_prestige": {"rule_of_one": 1.0, "appointments": 0.1},
    "loyalty": {"unity_bandwagon": 1.0, "rule_of_one": 1.0},
}
ELSEWHERE = {
    # flow_conserved shows only where an office is abolished
    "flow_conserved": "secretariat-abolished-1923",
    "loyalty": "presidium-1957",
    "proposals": "power-game",
}


@pytest.mark.parametrize("name", [p.name for p in TABLE])
def test_every_parameter_is_live(name: str) -> None:
    """Moved across its range, it changes some run."""
    parameter = next(p for p in TABLE if p.name == name)
    scenario = load_scenario(ELSEWHERE.get(name, "ussr-1922"))
    setting = NEEDS.get(name, {})
    low = build_world(scenario, {**setting, name: parameter.low})
    high = build_world(scenario, {**setting, name: parameter.high})
    for seed in range(40):
        a, b = by_engine(low, seed).body, by_engine(high, seed).body
        if any(not np.array_equal(a[f], b[f]) for f in ("share", "bases", "since", "bond")):
            return
    raise AssertionError(f"{name} changes nothing in 40 runs")


@pytest.mark.parametrize("name", [p.name for p in TABLE])
def test_the_table_is_sound(name: str) -> None:
    parameter = next(p for p in TABLE if p.name == name)
    assert parameter.low <= parameter.default <= parameter.high
    assert parameter.off is None or parameter.low <= parameter.off <= parameter.high
    assert parameter.meaning.endswith(".")
    assert parameter.low < parameter.high
