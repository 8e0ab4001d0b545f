"""Laws that hold in every world, on both drivers."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import (
    DRIVERS,
    Run,
    assert_same,
    by_engine,
    many,
    random_scenario,
    random_world,
)

from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    CANDIDATE,
    COMMITTEE,
    COUNTERS,
    FULL,
    GONE,
    MOST_COALITIONS,
    NOBODY,
)
from politburo_sim.state.parameters import PLACE, TABLE
from politburo_sim.worlds.scenario import Scenario, load_scenario
from politburo_sim.worlds.world import World, build_world

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
    world = random_world(key)
    run, out = DRIVERS[driver](world, seed), set[int]()
    for entry in run.entries:
        if entry.ballot >= 0:
            involved = set(np.flatnonzero(run.ballots[entry.ballot] >= 0).tolist())
            assert not involved & out
        demoted = entry.kind == j.DEMOTED and entry.what == COMMITTEE
        if demoted or (entry.kind == j.SANCTION and entry.what >= world.losses.seat):
            out.add(int(entry.who))
        if entry.kind == j.BEREFT:
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


# Off values --------------------------------------------------------------------------------


def without(key: int, **settings: float) -> World:
    """A generated world with a mechanism off, and no question put, nor norm changed, by a date.

    It has a congress every December.
    """
    scenario = random_scenario(key)
    told = scenario.model_dump(by_alias=True)["events"]
    calm = [event for event in told if event["kind"] not in ("question", "norm")]
    yearly = [{"id": f"c{year}", "date": f"{year}-12", "text": "t", "kind": "congress",
               "amount": 0.1} for year in range(1922, 1925)]  # fmt: skip
    return build_world(
        changed(scenario, events=[*calm, *yearly]), {"proposals": 0, "blocs": 1, **settings}
    )


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_without_norm_and_baseline_nobody_is_removed(driver: str, key: int, seed: int) -> None:
    body = DRIVERS[driver](without(key, unity=0, baseline_liability=0), seed).body
    assert (body["rung"] == 0).all()


@both
@few
@given(key=KEYS, seed=SEEDS)
def test_only_the_removed_have_the_floor_and_only_for_it_can_they_be_named(
    driver: str, key: int, seed: int
) -> None:
    """Who is out of the body is expelled for having stood up, or not at all."""
    world = without(key, floor=1, demotion=1, severity=0)
    run, lost = DRIVERS[driver](world, seed), world.losses
    out, stood, gone = set[int](), set[int](), set[int]()
    for entry in run.entries:
        who = int(entry.who)
        assert who not in gone or entry.kind in (j.EVENT, j.POST)
        if entry.kind == j.STOOD_UP:
            assert who in out and 0 <= entry.x <= 1
            stood.add(who)
        elif entry.kind == j.NAMED:
            assert who not in out or who in stood
        elif entry.kind == j.DEMAND and int(entry.whom) in out:
            assert int(entry.whom) in stood and entry.what == lost.party
        elif entry.kind == j.SANCTION:
            if entry.what >= lost.seat:
                (gone if entry.what == lost.party else out).add(who)
        elif entry.kind == j.BEREFT or (entry.kind == j.DEMOTED and entry.what == COMMITTEE):
            out.add(who)
    assert (run.body["status"][list(gone)] == GONE).all()


@few
@given(key=KEYS, seed=SEEDS)
def test_only_the_first_plenum_after_a_congress_demotes(key: int, seed: int) -> None:
    world = without(key, demotion=1, severity=0, effort=0, plenum_months=2)
    between = int(world.body.par[PLACE["plenum_months"]])
    congresses = [
        month for month in range(world.months)
        for row in range(world.calendar.due[month], world.calendar.due[month + 1])
        if world.events[row].kind == "congress"
    ]  # fmt: skip
    first = {month + -month % between for month in congresses}
    posts, seat, _ = world.losses
    entries = by_engine(world, seed).entries
    demoted = entries[entries.kind == j.DEMOTED]
    assert set(demoted.month.tolist()) <= first
    dismissed = entries[
        (entries.kind == j.SANCTION) & (entries.what >= posts) & (entries.what < seat)
    ]
    for entry in demoted:
        assert ((dismissed.month == entry.month) & (dismissed.who == entry.who)).any()


def kinds(run: Run) -> set[int]:
    return {int(kind) for kind in run.entries.kind}


#: What never happens where a mechanism is off: entries of these kinds, and counters.
STOPPED: dict[str, tuple[dict[str, float], set[int], set[str]]] = {
    "blocs": (
        {"blocs": 0},
        {j.FORMED, j.TURNED, j.TAKEN_OVER, j.JOINED, j.CROSSED, j.LEFT, j.BROKEN_UP},
        {"coalitions", "switches", "desertions", "takeovers", "pressed"},
    ),
    "organising": ({"organising": 0}, {j.TURNED}, {"attempts", "ally_targets", "takeovers"}),
    "switching": ({"switching": 0}, {j.CROSSED}, {"switches", "patrons_changed"}),
    "policies": ({"policies": 0}, {j.ADOPTED}, {"unopposed"}),
    "pressing": ({"pressing": 0}, set(), {"pressed"}),
    "policies and fights of one's own": (
        {"policies": 0, "pressing": 0},
        {j.ADOPTED, j.DIVISION, j.DEMAND, j.NAMED},
        {"divisions", "flips", "narrow", "demands"},
    ),
    "recanting": ({"recanting": 0}, {j.RECANT}, {"recanted"}),
    "second_house": ({"second_house": 0}, {j.APPEALED}, {"appeals"}),
    "floor": ({"floor": 0}, {j.STOOD_UP}, {"stood_up"}),
    "demotion": ({"demotion": 0}, {j.DEMOTED}, {"demoted"}),
    "attachment": ({"attachment": 0}, {j.TIED}, {"attached", "patrons_changed"}),
    "rule_of_one": ({"rule_of_one": 0}, {j.STRUCK}, {"strikes"}),
}


@both
@pytest.mark.parametrize("name", STOPPED)
@settings(max_examples=15)
@given(key=KEYS, seed=SEEDS)
def test_what_is_off_never_happens(driver: str, name: str, key: int, seed: int) -> None:
    off, stopped, still = STOPPED[name]
    run = DRIVERS[driver](without(key, **off), seed)
    assert not kinds(run) & stopped
    assert not {c for c in still if run.body["count"][COUNTERS.index(c)]}


@pytest.mark.parametrize("name", STOPPED)
def test_what_is_on_happens_somewhere(name: str) -> None:
    """What the law above says of a mechanism that is off would not hold of one that is on."""
    _, stopped, still = STOPPED[name]
    for key in range(150):
        run = by_engine(without(key, attachment=0.1, organising=0.5), key)
        stopped = stopped - kinds(run)
        still = {c for c in still if not run.body["count"][COUNTERS.index(c)]}
        if not stopped and not still:
            return
    raise AssertionError(f"never happened: {stopped}, {still}")


@few
@given(key=KEYS, seed=SEEDS)
def test_without_blocs_nobody_is_in_a_coalition(key: int, seed: int) -> None:
    body = by_engine(without(key, blocs=0), seed).body
    assert (body["coalition"] == NOBODY).all() and (body["coalition_leader"] == NOBODY).all()
    assert (body["ally"] == 0).all()


@few
@given(key=KEYS, seed=SEEDS)
def test_without_slates_one_man_is_accused(key: int, seed: int) -> None:
    for slates, most in ((0, 1), (1, 40)):
        entries = by_engine(without(key, slates=slates), seed).entries
        assert (entries.y[entries.kind == j.DEMAND] <= most).all()


@few
@given(key=KEYS, seed=SEEDS)
def test_without_agenda_only_coalitions_force_divisions(key: int, seed: int) -> None:
    entries = by_engine(without(key, policies=0), seed).entries
    assert (entries.what[entries.kind == j.DIVISION] == NOBODY).all()


@few
@given(key=KEYS, seed=SEEDS)
def test_without_line_speed_stake_and_bond_speed_nothing_follows(key: int, seed: int) -> None:
    still = {"line_speed": 0, "stake": 0, "bond_speed": 0, "grudge": 0, "gratitude": 0}
    world = without(key, **still)
    run = by_engine(world, seed)
    assert np.array_equal(run.body["line"], world.body.line)
    kinds_of_events = {e.kind for e in world.scenario.events}
    if not kinds_of_events & {"assign", "vacate", "abolish", "death", "exit"} and not kinds(run) & {
        j.SANCTION, j.SEATED, j.CROSSED
    }:  # fmt: skip
        start = by_engine(build_world(world.scenario, still | {"organising": 0}), seed)
        if kinds(start) & {j.SANCTION, j.SEATED, j.CROSSED}:
            return
        assert run.body["prestige"].sum() == pytest.approx(start.body["prestige"].sum())


@both
@pytest.mark.parametrize("seed", [3, 1929])
def test_bonds_follow_votes_on_the_agenda_as_far_as_they_are_said_to(
    driver: str, seed: int
) -> None:
    """Where nobody organises, is named, accused or given a seat, nothing else moves them."""
    scenario = load_scenario("ussr-1922")
    told = scenario.model_dump(by_alias=True)["events"]
    votes_alone = {
        "organising": 0, "blocs": 0, "unity_liability": 0, "baseline_liability": 0,
        "attachment": 0, "gratitude": 0, "rule_of_one": 0,
    }  # fmt: skip
    calm = changed(scenario, events=[e for e in told if e["kind"] not in ("question", "bond")])
    before = by_engine(build_world(calm, {**votes_alone, "policies": 0}), seed).body["bond"]
    moved = []
    for part in (0.0, 0.5, 1.0):
        run = DRIVERS[driver](build_world(calm, {**votes_alone, "agenda_bonds": part}), seed)
        assert j.DIVISION in kinds(run)
        moved.append(float(np.abs(run.body["bond"] - before).sum()))
    assert moved[0] == 0.0 < moved[1] < moved[2]


@few
@given(key=KEYS, seed=SEEDS)
def test_without_questions_on_the_agenda_its_bonds_change_nothing(key: int, seed: int) -> None:
    one, other = (
        by_engine(without(key, policies=0, agenda_bonds=part), seed) for part in (0.0, 1.0)
    )
    assert np.array_equal(one.entries, other.entries)
    assert np.array_equal(one.body["bond"], other.body["bond"])


# Coalitions --------------------------------------------------------------------------------


def assert_coalitions_are_sound(body: Any) -> None:
    here = (body.status == FULL) | (body.status == CANDIDATE)
    assert len(body.coalition_leader) == MOST_COALITIONS
    assert np.array_equal(body.ally, body.ally.T)
    for c, (leader, target) in enumerate(
        zip(body.coalition_leader, body.coalition_target, strict=True)
    ):
        members = np.flatnonzero(body.coalition == c)
        if leader == NOBODY:
            assert len(members) == 0 and target == NOBODY
            continue
        assert leader in members and len(members) >= 2
        assert here[members].all() and target not in members
        assert all(body.ally[a, b] for a in members for b in members if a != b)


def months_of(world: World, seed: int) -> Iterator[tuple[Any, Any, Any]]:
    """Month by month: who had ever stood together before it, who was bound, and its entries."""
    model = Politburo(world, seed)
    while model.running:
        arrays, read = model.arrays, int(model.journal.size[0])
        ally = arrays.ally.copy()
        served = model.month - arrays.joined >= world.body.par[PLACE["term"]]
        bound = (arrays.coalition != NOBODY) & ~served
        model.step()
        assert_coalitions_are_sound(arrays)
        yield ally, bound, model.journal.entries[read : model.journal.size[0]].view(np.recarray)


LIVELY = {"attachment": 0.1, "organising": 0.5}


@few
@given(key=KEYS, seed=SEEDS)
def test_coalitions_are_sound_and_terms_are_kept(key: int, seed: int) -> None:
    world = build_world(random_scenario(key), {**LIVELY, "blocs": 1, "term": 6})
    for _, bound, entries in months_of(world, seed):
        let_go = {int(k) for k in entries.who[np.isin(entries.kind, (j.LEFT, j.FORMED))]}
        let_go |= {int(k) for k in entries.who[entries.kind == j.BROKEN_UP]}
        for entry in entries[entries.kind == j.CROSSED]:
            assert not bound[entry.who] or let_go


@few
@given(key=KEYS, seed=SEEDS)
def test_with_switching_barred_nobody_crosses_or_attacks_whom_he_stood_with(
    key: int, seed: int
) -> None:
    for ally, _, entries in months_of(without(key, **LIVELY, switching=0), seed):
        assert not (entries.kind == j.CROSSED).any()
        attacks = np.isin(entries.kind, (j.FORMED, j.TURNED, j.DIVISION, j.DEMAND))
        for entry in entries[attacks]:
            assert not ally[entry.who, entry.whom], entry


# The whole ---------------------------------------------------------------------------------


@few
@given(key=KEYS, seed=SEEDS)
def test_a_run_is_the_same_alone_and_after_others(key: int, seed: int) -> None:
    """Nothing in the scratch space outlives a run."""
    world = random_world(key)
    after = many(world, 4, seeds=np.array([seed ^ 1, seed ^ 2, seed ^ 4, seed]))
    alone = many(world, 1, seeds=np.array([seed]))
    for field in ("ruler", "since", "rungs", "status", "share", "base", "count"):
        assert np.array_equal(getattr(after, field)[-1], getattr(alone, field)[0]), field


def test_in_the_collegial_control_nobody_is_ever_removed() -> None:
    out = many(build_world(load_scenario("collegial-control")), 300)
    assert (out.rungs[:, :, 1:] == -1).all()


# Where a mechanism is off or rare by default, what has to be on for its parameter to show.
ALONE = {"rule_of_one": 1.0, "appointments": 0.2}
NEEDS = {
    "foresight_depth": {"foresight": 1.0},
    "newcomer_prestige": ALONE, "restraint": ALONE, "rule_of_one": {"appointments": 0.2},
    "loyalty": {"unity_bandwagon": 1.0},
    "second_house": {"severity": 0.0},
    "gap": {"attachment": 0.2},
    "random_victims": {"severity": 0.0},
}  # fmt: skip
ELSEWHERE = {
    # flow_conserved shows only where an office is abolished
    "flow_conserved": "secretariat-abolished-1923",
    "loyalty": "presidium-1957",
    "proposals": "power-game",
}


def with_an_expulsion() -> Scenario:
    """A world in which the calendar asks for one: nobody in the body stands on the rung before."""
    question = {"id": "expel", "date": "1923-06", "text": "t", "kind": "question", "who": "Stalin",
                "against": "Trotsky", "rung": "expelled"}  # fmt: skip
    base = load_scenario("ussr-1922")
    return changed(base, events=(*base.model_dump(by_alias=True)["events"], question))


@pytest.mark.parametrize("name", [p.name for p in TABLE])
def test_every_parameter_is_live(name: str) -> None:
    """Moved across its range, it changes some run."""
    parameter = next(p for p in TABLE if p.name == name)
    if name == "expulsion_majority":
        scenario = with_an_expulsion()
    else:
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
