"""The one value, and what it is made of, against the formulas worked out a second time."""

from typing import Any

import numpy as np
import plain
import pytest
from plain import Contest, Plain
from support import scene

from politburo_sim.rules import (
    danger,
    favours,
    fighting,
    membership,
    minds,
    perception,
    targets,
    value,
    voting,
)
from politburo_sim.rules.value import MEMBER, OUT, VOTER
from politburo_sim.state.body import NOBODY
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import PERSONAL, RELUCTANCE, WATCHER

SCENES = range(12)
NINE = range(9)
HOW = {"member": MEMBER, "voter": VOTER, "out": OUT}
close = pytest.approx


@pytest.fixture(params=SCENES)
def at(request: pytest.FixtureRequest) -> Any:
    body, work = scene(request.param, slates=0.8, temperature=0.9, certainty=3)
    return body, work, Plain(body)


def test_weights_powers_and_prizes(at: Any) -> None:
    body, work, p = at
    assert work.weight[:9] == close([p.w[k] for k in NINE])
    assert work.voice[:9] == close([p.v[k] for k in NINE])
    assert work.own[:9] == close([p.p(k, k) for k in NINE])
    assert work.prize[:9] == close([p.z[k] for k in NINE])
    for who in p.speakers:
        perception.canvass(body, work, who)
        seen = p.seen(who)
        assert [work.seen[k] for k in p.speakers] == close([seen[k] for k in p.speakers])
        for k in p.present:
            assert perception.power_seen(body, work, who, k) == close(p.p(who, k))


@pytest.mark.parametrize("men", [(0, 3), (3, 0), (5, 0), (4, 5), (1, 3), (0, 1), (7, 5), (2, 6)])
@pytest.mark.parametrize("about", ["men", "policy", "sanction"])
def test_v_is_what_its_docstring_says(at: Any, men: tuple[int, int], about: str) -> None:
    body, work, p = at
    value.set_contest(body, work, *men)
    contest = Contest(p, *men)
    if about == "policy":
        value.set_policy(work, 1, -0.3, 0.6)
        contest = Contest(p, *men, axis=1, places=(-0.3, 0.6))
    if about == "sanction":
        work.contest[PERSONAL], work.stakes[RELUCTANCE] = 1, 0.7
        contest = Contest(p, *men, personal=True, scruple=0.7)
    for k in p.speakers:
        for with_us, with_them in (
            ("member", "out"), ("voter", "voter"), ("member", "voter"), ("voter", "member"),
            ("member", "member"),
        ):  # fmt: skip
            value.weigh(body, work, k, HOW[with_us], HOW[with_them])
            for pi in (0.0, 0.35, 0.8):
                told = value.utility(body, work, k, pi)
                assert told == close(contest.V(k, pi, with_us, with_them)), (k, with_us, with_them)


def test_who_chooses_the_target_looks_at_his_own_danger(at: Any) -> None:
    body, work, p = at
    value.set_contest(body, work, 5, 0)
    contest = Contest(p, 5, 0)
    for k in p.speakers:
        work.danger[k] = 0.1 * (k + 1)
    work.contest[WATCHER] = 5
    value.weigh(body, work, 5, MEMBER, OUT)
    fighting.stake_own(body, work, 5)
    o, q = body.opportunism[5], p.p(5, 5)
    now, won, lost = contest.feared(5)
    scale = o * p["interest"]
    pi, P = 0.7, p.win(0.7)
    # The danger in the man stands in the place of what his fall does to the balance.
    told = value.utility(body, work, 5, pi) - contest.V(5, pi, "member", "out")
    safety = P * p.n(0) * (p["danger"] * 0.1 - p["balance"] * (now - won))
    safety += (1 - P) * p.n(5) * p["balance"] * (now - lost)
    stake = p["stake"] * (P * p.p(0, 0) - (1 - P) * q)
    assert told == close(scale * (p.eta * q * safety + stake))


@pytest.mark.parametrize("who", [0, 3, 5, 7])
def test_danger_is_what_a_mans_chance_to_stay_gains(at: Any, who: int) -> None:
    body, work, p = at
    danger.sound_pulls(body, work)
    perception.canvass(body, work, who)
    danger.watch(body, work, who)
    for k in p.speakers:
        if k != who:
            danger.fear(body, work, k)
        expected = plain.stay(p, who, k) - plain.stay(p, who) if k != who else 0.0
        assert work.danger[k] == close(expected, abs=1e-12)


def test_without_danger_nobody_is_watched() -> None:
    body, work = scene(1, danger=0)
    work.danger[:] = 1.0
    danger.sound_pulls(body, work)
    danger.watch(body, work, 0)
    danger.fear(body, work, 1)
    assert (work.danger[:8] == 0).all()


def test_a_sharp_pull_goes_to_the_strongest_alone() -> None:
    body, work = scene(2, temperature=0)
    danger.sound_pulls(body, work)
    p = Plain(body)
    for k in p.speakers:
        pulls = {j: plain.drawn(p, k, j) for j in p.speakers if j != k}
        assert [j for j in pulls if work.pull[k, j] > 0] == [max(pulls, key=lambda j: pulls[j])]


def test_the_caucus_expects_what_it_sees(at: Any) -> None:
    body, work, p = at
    lean = {k: 0.1 + 0.1 * k for k in p.speakers}
    for k in p.speakers:
        work.lean[k] = lean[k]
    voting.expect(body, work)
    expected = plain.caucus(p, lean)
    assert [work.expected[k] for k in p.speakers] == close([expected[k] for k in p.speakers])


@pytest.mark.parametrize("rounds", [0, 1, 3])
def test_a_vote_is_the_logistic_of_v_at_the_tally_expected(rounds: int) -> None:
    body, work = scene(4, caucus_rounds=rounds, temperature=2)
    p = Plain(body)
    value.set_contest(body, work, 0, 3)
    value.set_policy(work, 0, 0.4, -0.2)
    contest = Contest(p, 0, 3, axis=0, places=(0.4, -0.2))
    voting.weigh_all(body, work)
    voting.caucus(body, work)
    pi = {k: 0.5 for k in p.speakers}

    def leans() -> dict[int, float]:
        sides = {k: ("member" if k in (1, 2) else "voter", "member" if k in (4, 6) else "voter")
                 for k in p.speakers}  # fmt: skip
        free = {k: plain.sigma(contest.V(k, pi[k], *sides[k]) / p["temperature"]) for k in sides}
        return free | {0: 1.0, 3: 0.0}

    for _ in range(rounds):
        pi = plain.caucus(p, leans())
    assert [work.lean[k] for k in p.speakers] == close(list(leans().values()))


def test_policy_draws_by_conviction_alone(at: Any) -> None:
    body, work, p = at
    value.set_contest(body, work, 0, 3)
    value.set_policy(work, 1, 0.5, -0.4)
    contest = Contest(p, 0, 3, axis=1, places=(0.5, -0.4))
    fighting.sound_policy(body, work)
    drawn = {
        k: plain.sigma((1 - body.opportunism[k]) * p["conviction"] * contest.nearer(k) / 0.9)
        for k in p.speakers
    }
    assert [work.pulled[k] for k in p.speakers] == close(list(drawn.values()))
    perception.canvass(body, work, 0)
    seen = p.seen(0)
    got = sum(seen[k] for k in (0, 1, 2)) + sum(seen[k] * drawn[k] for k in (5, 7))
    assert fighting.guess(body, work, 0) == close(got)


def test_what_moving_a_place_unopposed_is_worth(at: Any) -> None:
    body, work, p = at
    for who in p.heads:
        perception.canvass(body, work, who)
        seen, o = p.seen(who), body.opportunism[who]
        nearer = {k: Contest(p, 0, 3, axis=0, places=(0.3, -0.7)).nearer(k) for k in p.speakers}
        behind = sum(seen[k] for k in p.speakers if nearer[k] > 0)
        expected = (
            (1 - o) * p["conviction"] * nearer[who]
            + o * p["interest"] * p["stake"] * p.p(who, who) * (2 * p.win(behind) - 1)
            + body.loyalty[who] * p["unity_bandwagon"] * p["conformity"] * (2 * behind - 1)
        )
        assert fighting.worth_moving(body, work, who, 0, 0.3, -0.7) == close(expected)


def test_recanting_weighs_safety_and_line_against_standing_and_conviction(at: Any) -> None:
    body, work, p = at
    for who, loser, named in ((4, 3, 1), (4, 3, 0), (3, 3, 1), (6, 3, 0)):
        body.named[who] = named
        o, q = body.opportunism[who], p.p(who, who)
        gain = o * p["interest"] * p.eta * q * p.n(who) * (1.0 if named else 0.3)
        gain += body.loyalty[who] * p["unity_bandwagon"] * p["conformity"]
        friend = max(0.0, body.bond[who, loser]) if who != loser else 0.0
        cost = o * p["interest"] * p["stake"] * q + (1 - o) * (
            p["conviction"] * p.d(body.stance[who], body.line) + p["friendship"] * friend
        )
        expected = plain.sigma((gain - cost - p["effort"]) / p["temperature"])
        assert minds.recant(body, work, who, loser) == close(expected)


def test_what_a_patron_is_worth(at: Any) -> None:
    body, work, p = at
    for who, patron, clients in ((7, 3, 2.0), (5, 0, 0.0), (4, 1, 1.0)):
        o = body.opportunism[who]
        give = min(1.0, len(p.heads) * p.rate[patron] / (p.R * (1 + clients)))
        expected = (1 - o) * p["friendship"] * body.bond[who, patron]
        expected += o * p["interest"] * p["favour"] * p.p(who, patron) * give
        assert favours.worth_of_patron(body, work, who, patron, clients) == close(expected)


def test_whom_a_man_would_name(at: Any) -> None:
    body, work, p = at
    for who, candidate, tie in ((5, 6, 1.0), (0, 6, -1.0), (3, 1, 0.0), (0, 7, -1.0)):
        o = body.opportunism[who]
        seat = (1 - p["venue"]) / len(p.heads)
        threat = (p.v[candidate] + body.bases[candidate]) / 3
        expected = (1 - o) * (
            p["friendship"] * body.bond[who, candidate]
            - p["conviction"] * p.d(body.ideal[who], body.stance[candidate])
        ) + o * p["interest"] * (seat * ((1 + body.bond[candidate, who]) / 2 + tie) - threat)
        assert favours.worth_naming(body, work, who, candidate) == close(expected)


def test_joining_costs_what_is_left_behind(at: Any) -> None:
    """From a third coalition: stickiness, and half his part of its prize."""
    body, work, p = at
    body.coalition[5] = body.coalition[7] = 2
    body.coalition_leader[2], body.coalition_target[2] = 5, 4
    p = Plain(body)
    value.set_contest(body, work, 0, 3)
    for k, with_them in ((7, "out"), (4, "member")):
        work.expected[k] = 0.6
        contest = Contest(p, 0, 3)
        contest.newcomers = p.w[k]
        cost = p["stickiness"]
        if k == 7:
            weight = p.w[5] + p.w[7]
            brought = p.w[7] / (weight + p["openness"] * max(0.0, 0.5 - weight))
            cost += 0.5 * body.opportunism[7] * p["interest"] * p.eta * p.z[4] * p.n(4) * brought
        expected = contest.V(k, 0.6, "member", with_them) - cost
        minds.weigh_joining(body, work, k)
        assert minds.worth_joining(body, work, k) == close(expected)


def test_staying_out_of_it_is_worth_nothing_to_who_wants_nothing() -> None:
    body, work = scene(3, conviction=0, friendship=0, interest=0, conformity=0)
    value.set_contest(body, work, 0, 3)
    for k in Plain(body).speakers:
        value.weigh(body, work, k, MEMBER, OUT)
        assert value.utility(body, work, k, 0.9) == 0.0


@pytest.mark.parametrize(("temperature", "coin", "chance"), [(0, 0, (0, 0, 1)), (1, 1, (0.5,) * 3)])
def test_a_sharp_threshold_and_a_coin(temperature: int, coin: int, chance: Any) -> None:
    body, _ = scene(3, temperature=temperature, coin_joins=coin)
    assert tuple(value.chance_of(body, x) for x in (-1.0, 0.0, 1.0)) == chance


def test_a_coin_votes_blind() -> None:
    body, work = scene(3, coin_votes=1)
    value.set_contest(body, work, 0, 3)
    voting.weigh_all(body, work)
    voting.caucus(body, work)
    leans = np.array([work.lean[k] for k in Plain(body).speakers])
    assert leans[0] == 1 and leans[3] == 0 and (np.delete(leans, [0, 3]) == 0.5).all()


def test_equal_in_peril() -> None:
    for liability, baseline, eta in ((0.5, 0.1, 0.35), (1, 0.5, 1.0), (0, 0, 0)):
        body, _ = scene(3, unity_liability=liability, baseline_liability=baseline)
        assert value.peril(body) == close(eta)


def test_with_switching_barred_nobody_turns_on_a_man_he_stood_with() -> None:
    body, work = scene(3, switching=0)
    body.ally[5, 0] = body.ally[0, 5] = 1
    assert not membership.may_turn_on(body, 5, 0) and membership.may_turn_on(body, 5, 3)
    body.left[7], body.left_born[7] = 1, body.coalition_born[1]
    assert not membership.may_turn_on(body, 7, 4) and membership.may_turn_on(body, 7, 0)
    assert not targets.possible_target(body, 5, 0) and targets.possible_target(body, 5, 3)
    body.par[PLACE["switching"]] = 1.0
    assert targets.possible_target(body, 5, 0)
    assert body.patron[1] == NOBODY and favours.choose_patron(body, work, 0) == NOBODY
