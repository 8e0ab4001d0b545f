"""Single rules by numbers worked out by hand, and the way theory says they move."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plain import Contest, Plain, sigma
from support import CENSURED, DISMISSED, EXPELLED, REMOVED, scene

from politburo_sim.rules import (
    appointments,
    coalitions,
    consequences,
    demotion,
    divisions,
    favours,
    floor,
    membership,
    minds,
    offences,
    organising,
    patrons,
    perception,
    power,
    sanctions,
    sole_rule,
    targets,
    vacancy,
    voting,
)
from politburo_sim.rules.luck import logistic, new_month
from politburo_sim.rules.perception import muster, survey, threat
from politburo_sim.rules.space import distance
from politburo_sim.rules.value import exposure, nearness, set_contest, set_policy
from politburo_sim.state.body import (
    APPEALS,
    CANDIDATE,
    COMMITTEE,
    DEFEATS,
    DEMANDS,
    DESERTIONS,
    DIVISIONS,
    FULL,
    GONE,
    LAST_CONGRESS,
    LAST_DIVISION,
    MONTH,
    NOBODY,
    PRESSED,
    RECANTED,
    STREAK,
    STRIKES,
    SWITCHES,
)
from politburo_sim.state.journal import make_journal
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import PERSONAL
from politburo_sim.worlds.scenario import load_scenario
from politburo_sim.worlds.world import build_world

SHARE = st.floats(0, 1)
close = pytest.approx
NOTES = make_journal(0, 0, 16)


def at(month: int, key: int = 5, **settings: float) -> tuple[Any, Any, Plain]:
    """The scene in a month, all in it for a year and never sanctioned."""
    body, work = scene(key, **settings)
    body.clock[MONTH] = month
    body.joined[:9] = month - 12
    new_month(body)
    return body, work, Plain(body)


# Distance, threat, tally ------------------------------------------------------------------


def test_distance_adds_up_the_axes_from_nought_to_one() -> None:
    weight = np.array([0.75, 0.25])
    assert distance(np.array([1.0, -1.0]), np.array([-1.0, 1.0]), weight) == 1.0
    assert distance(np.array([0.5, 0.0]), np.array([0.1, 0.2]), weight) == close(0.175)


@given(voice=SHARE, base=SHARE, one=SHARE, other=SHARE)
def test_what_is_hidden_is_feared_less(voice: float, base: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert threat(voice, base, high) <= threat(voice, base, low) + 1e-15
    assert threat(voice, base, 0.0) == close(0.5 * voice + 0.5 * base)
    assert threat(voice, base, 1.0) == close(0.5 * voice)


@given(st.floats(-800, 800))
def test_the_logistic(x: float) -> None:
    assert logistic(x) + logistic(-x) == close(1.0)
    assert logistic(x) == close(1 / (1 + math.exp(-x)) if x > -700 else 0.0, abs=1e-12)


def test_ties_fail() -> None:
    assert not voting.carries(0.5, 0.5) and voting.carries(0.5 + 1e-9, 0.5)
    assert not voting.carries(2 / 3, 2 / 3)


def test_heads_are_counted_apart() -> None:
    body, work, p = at(20)
    body.vote[:] = -1
    for k in p.speakers:
        body.vote[k] = k % 2
    assert voting.heads_voting(body, 1) == 3 and voting.heads_voting(body, 0) == 3
    assert voting.tally(body, work) == close(sum(p.w[k] for k in (1, 3, 5, 7)))


def test_the_accused_and_both_leaders_stand_by_themselves() -> None:
    body, work, _ = at(20)
    set_contest(body, work, 0, 3)
    work.accused[:] = 0
    work.accused[4] = 1
    stand = [k for k in range(8) if voting.stands_by_himself(work, k)]
    work.contest[PERSONAL] = 1
    assert stand == [0, 3]
    assert [k for k in range(8) if voting.stands_by_himself(work, k)] == [0, 3, 4]


# Appointments and power --------------------------------------------------------------------


@pytest.mark.parametrize("conserved", [0, 1])
def test_one_month_of_appointments(conserved: int) -> None:
    body, work, p = at(
        3, appointments=0.1, poaching=0.4, resistance=1.5, turnover=0.03, flow_conserved=conserved
    )
    body.office_open[2] = 0
    body.founding_rate[0] = 20.0
    before = body.bases.copy()
    total = body.office_rate[:2].sum() if conserved else 20.0
    gain = dict.fromkeys(range(9), 0.0)
    for office, taker in ((0, 0), (1, 3)):
        take = 0.1 * body.office_rate[office] / total
        gain[taker] += take * p.u
        for k in range(9):
            if k != taker:
                seen = (1 - body.opacity[k, taker]) * before[taker]
                feared = 0.5 * p.v[taker] + 0.5 * seen
                taken = take * 0.4 * before[k] * (1 - min(1.0, 1.5 * feared))
                gain[taker] += taken
                gain[k] -= taken
    appointments.appoint(body, work)
    assert body.bases[:9] == close([0.97 * (before[k] + gain[k]) for k in range(9)])


def test_a_congress_elects_by_the_balance_of_appointments() -> None:
    body, _, p = at(3, slate_control=0.7)
    before = body.bases.copy()
    appointments.elect_committee(body, 0.25)
    expected = [0.75 * before[k] + 0.25 * 0.7 * p.rate[k] / p.R for k in range(9)]
    assert body.bases[:9] == close(expected)


@pytest.mark.parametrize("key", range(8))
def test_a_seat_counts_for_a_patron_while_the_tie_is_worth_it(key: int) -> None:
    body, work, p = at(3, key, alternative=0.6)
    for who in p.present:
        patron = int(body.patron[who])
        if patron == NOBODY:
            continue
        mine, strong = p.p(who, who), p.p(who, patron)
        other = max(p.p(who, k) for k in p.present if k not in (who, patron))
        o = body.opportunism[who]
        worth = (1 - o) * body.bond[who, patron] + o * (strong - 0.6 * other) / (strong + other)
        enemies = {0, 1, 2} if patron in (3, 4, 6) else {3, 4, 6} if patron in (0, 1, 2) else set()
        holds = mine < strong and worth > 0 and who not in enemies
        assert power.tied(body, work, who, patron) == holds, who


def test_shares_of_the_power_by_hand() -> None:
    body, work, p = at(3, venue=0.4)
    body.patron[:9] = NOBODY
    body.patron[1] = 0
    body.bond[1, 0], body.opportunism[1] = 1.0, 0.0
    body.bases[0], body.bases[1] = body.bases[0] + 0.9 * body.bases[1], 0.1 * body.bases[1]
    body.prestige[1] = 0.01
    power.share_power(body, work)
    aligned = body.bases[:9].sum()
    whole = 0.6 + 0.4 * aligned
    seats = {0: 2, 1: 0, 6: 0, 7: 0}
    for k in p.present:
        assert body.share[k] == close((0.6 * seats.get(k, 1) / 7 + 0.4 * body.bases[k]) / whole)
    assert body.clients[0] == 2 and p.beta == 0.4


def test_a_ring_of_patrons_counts_for_the_holder() -> None:
    body, work, _ = at(3)
    body.patron[1], body.patron[2], body.patron[0] = 2, 1, NOBODY
    assert power.root_patron(body, work, 0) == 0
    assert power.root_patron(body, work, 1) in (1, 2)


def test_sole_rule_takes_twelve_months_above_a_half_on_end() -> None:
    body, _, _ = at(0)
    for month in range(30):
        body.clock[MONTH] = month
        power.count_months(body, NOTES, 3, month != 8, 4, 0)
        assert body.clock[6] == (3 if month >= 20 else NOBODY), month
    assert body.clock[7] == 20


def test_a_rival_coalition_of_two_heads_denies_sole_rule() -> None:
    body, _, _ = at(0)
    assert power.rivalled(body, 0) and power.rivalled(body, 3) and power.rivalled(body, 5)
    body.status[4] = CANDIDATE
    assert not power.rivalled(body, 0) and power.rivalled(body, 3)
    membership.end(body, NOTES, 0, False)
    assert not power.rivalled(body, 3)


def test_whom_a_ruler_would_strike() -> None:
    body, work, p = at(3)
    work.danger[:9] = 0.05
    for ruler, who in ((0, 3), (3, 4), (0, 7)):
        o, q = body.opportunism[ruler], p.p(ruler, ruler)
        gain = p.eta * (p.z[who] + p["danger"] * q * 0.05)
        gain -= p["favour"] * q if body.patron[who] == ruler else 0.0
        expected = (1 - o) * (
            p["conviction"] * p.d(body.ideal[ruler], body.stance[who])
            - p["friendship"] * body.bond[ruler, who]
        ) + o * p["interest"] * gain
        assert sole_rule.worth_striking(body, work, ruler, who) == close(expected)


def test_a_ruler_strikes_once_he_is_secure() -> None:
    struck = {5: 0, 6: 0}
    for month in range(20, 50):
        for streak in struck:
            body, work, _ = at(month, rule_of_one=1, unity_liability=1, restraint=0)
            body.share[3], body.clock[STREAK] = 0.9, streak
            sole_rule.rule_alone(body, work, NOTES)
            struck[streak] += body.count[STRIKES]
    assert struck[5] == 0 and struck[6] > 0


# Divisions ---------------------------------------------------------------------------------


def test_the_line_moves_by_its_speed() -> None:
    body, _, _ = at(3, line_speed=0.25)
    before = body.line[0]
    divisions.adopt(body, 0, 0.8)
    assert body.line[0] == close(before + 0.25 * (0.8 - before))


def test_bonds_follow_a_close_vote_and_not_a_unanimous_one() -> None:
    body, work, p = at(3, bond_speed=0.1)
    before = body.bond.copy()
    for k in p.speakers:
        body.vote[k] = 1
    divisions.move_bonds(body, work, 1.0)
    assert np.array_equal(body.bond, before)
    body.vote[3] = body.vote[4] = 0
    divisions.move_bonds(body, work, 1.0)
    speed = 8 * 0.75 * 0.25 * 0.1
    assert body.bond[3, 4] == close(before[3, 4] + speed * (1 - before[3, 4]))
    assert body.bond[3, 0] == close(before[3, 0] + speed * (-1 - before[3, 0]))


@given(SHARE, SHARE)
def test_the_farther_from_the_line_the_more_liable(one: float, other: float) -> None:
    low, high = sorted((one, other))
    near, far = (offences.liability(LIABLE, x) for x in (low, high))
    assert 0 <= near <= far <= 1
    assert far == close(min(1.0, 0.2 + 0.6 * min(1.0, high / 0.5)))


LIABLE = at(0, baseline_liability=0.2, unity_liability=0.6, liability_reach=0.5)[0]


def test_who_stands_with_a_beaten_leader_is_exposed_by_his_voice() -> None:
    body, work, p = at(3, signatories=0.6, baseline_liability=0.3)
    for k in (4, 6, 7):
        chance = 0.6 * min(1.0, p.v[k] / p.v[3])
        assert exposure(body, work, k, 3, True) == close(chance)
        assert exposure(body, work, k, 3, False) == close(0.3 * chance)
    assert exposure(body, work, 3, 3, False) == 1.0


def test_the_beaten_are_named_with_their_leader_or_not_at_all() -> None:
    for sure in (1.0, 0.0):
        body, work, p = at(3, signatories=1, baseline_liability=0.0, unity_liability=sure)
        body.stance[3, 0], body.line[0] = 1.0, -1.0
        body.prestige[:9] = 1.0
        survey(body, work, p.beta)
        for k in p.speakers:
            body.vote[k] = 0 if k in (3, 4, 7) else 1
        offences.name_beaten(body, work, NOTES, 3, 0, NOBODY, 0)
        # 7 only voted with him: without a baseline a voter is not exposed; 6 voted otherwise.
        assert list(np.flatnonzero(body.named[:9])) == ([3, 4] if sure else [])
        assert body.clock[DEFEATS] == 1
        assert body.company[3] == body.company[4] == (1 if sure else NOBODY)


def test_the_chance_to_be_named_goes_by_half_the_distance_on_the_axis() -> None:
    named = 0
    for month in range(400):
        body, work, p = at(
            month, baseline_liability=0, unity_liability=1, liability_reach=1, signatories=0
        )
        body.stance[3, 0], body.line[0] = 0.6, 0.0
        for k in p.speakers:
            body.vote[k] = 0 if k == 3 else 1
        divisions.name_beaten(body, work, NOTES, 3, 0, NOBODY, 0)
        named += body.named[3]
    assert abs(named / 400 - 0.3) < 4 * math.sqrt(0.3 * 0.7 / 400)


def test_a_division_and_what_it_leaves() -> None:
    for month in range(6):
        body, work, p = at(month, stake=0.2, line_speed=0.5, recanting=0)
        before, line = body.prestige[:9].copy(), body.line[1]
        divisions.divide(body, work, NOTES, 0, 3, 1, 0.9, -0.7, NOBODY)
        carried = sum(p.w[k] for k in p.speakers if body.vote[k] == 1) > 0.5
        winner, loser, decided = (0, 3, 0.9) if carried else (3, 0, -0.7)
        assert body.prestige[loser] == close(0.8 * before[loser])
        assert body.prestige[winner] == close(before[winner] + 0.2 * before[loser])
        assert body.line[1] == close((line + decided) / 2)
        assert (body.stance[0, 1], body.stance[3, 1]) == (0.9, -0.7)
        assert body.count[DIVISIONS] == 1 and body.clock[LAST_DIVISION] == month
        assert body.vote[0] == 1 and body.vote[3] == 0


def test_a_coalition_forces_nothing_in_the_month_after_a_division() -> None:
    pressed = {1: 0, 2: 0}
    agenda = build_world(load_scenario("equal-body")).agenda
    for month in range(20, 40):
        for since in pressed:
            body, work, _ = at(month, month, pressing=1, effort=0, temperature=5)
            body.clock[LAST_DIVISION] = month - since
            divisions.hold_session(body, work, NOTES, agenda)
            pressed[since] += body.count[PRESSED]
    assert pressed[1] == 0 and pressed[2] > 0


def test_sanctions_are_asked_for_at_plenums_by_heads_who_are_not_named() -> None:
    asked = {"others": 0, "nobody left": 0, "between plenums": 0}
    for month in range(21, 51, 3):
        for who in asked:
            later = who == "between plenums"
            body, work, p = at(month + later, plenum_months=3, effort=0, severity=0)
            body.named[3] = 1
            if who == "nobody left":
                body.named[p.heads] = 1
            sanctions.hold_plenum(body, work, NOTES)
            asked[who] += body.count[DEMANDS]
    assert asked["others"] > 0 and asked["nobody left"] == asked["between plenums"] == 0


def test_recanting() -> None:
    body, work, p = at(3, recanting=1, stake=0.2, interest=0, conformity=5, unity_bandwagon=1,
                       effort=0, conviction=0, friendship=0, temperature=0)  # fmt: skip
    body.named[4], body.company[4], body.loyalty[4] = 1, 9, 1.0
    stance, prestige = body.stance[4].copy(), body.prestige[4]
    offences.may_recant(body, work, NOTES, 4, 3)
    assert body.named[4] == 0 and body.company[4] == NOBODY and body.count[RECANTED] == 1
    assert body.coalition[4] == NOBODY and body.left[4] == 1
    assert body.prestige[4] == close(0.8 * prestige)
    assert body.stance[4, :2] == close((stance[:2] + body.line[:2]) / 2)
    assert p["stake"] == 0.2


def test_dissenters_have_left() -> None:
    body, work, p = at(3)
    for k in p.speakers:
        body.vote[k] = 1 if k in (0, 1, 4, 6) else 0
    divisions.part_with_dissenters(body, work, NOTES, 0, 1)
    assert list(body.coalition[:8]) == [0, 0, -1, 1, -1, -1, -1, -1]
    assert body.count[DESERTIONS] == 3


def test_what_two_men_are_at_issue_over() -> None:
    body, _, _ = at(3)
    body.axis_weight[:2] = [0.8, 0.2]
    body.stance[0, :2], body.stance[3, :2] = [0.1, -1], [0.4, 0.5]
    assert divisions.at_issue(body, 0, 3) == 1
    body.axis_weight[:2] = [0.9, 0.1]
    assert divisions.at_issue(body, 0, 3) == 0


@pytest.mark.parametrize(("temperature", "conviction"), [(0, 3)])
def test_the_convinced_stand_for_the_nearer_place(temperature: int, conviction: int) -> None:
    body, work, _ = at(3, temperature=temperature, conviction=conviction, borrowing=0)
    body.opportunism[5] = body.loyalty[5] = 0.0
    for ideal, place in ((0.7, 0.5), (-0.9, -0.4)):
        work.outlook[5, 0] = ideal
        chosen = minds.choose_position(body, work, 5, NOBODY, 0, -0.4, 0.5, 0.0)
        assert chosen == place
    assert minds.farther(0.1, -0.4, 0.5) == -0.4 and minds.farther(-0.2, -0.4, 0.5) == 0.5


def test_nobody_stands_for_what_his_rival_has_moved() -> None:
    body, work, _ = at(3)
    set_contest(body, work, 0, 3)
    for against, left in ((0.5, -0.4), (0.45, -0.4), (-0.4, 0.5)):
        assert minds.choose_position(body, work, 0, 3, 0, -0.4, 0.5, against) == left
    # Where both lie near to his, the farther of the two.
    assert minds.choose_position(body, work, 0, 3, 0, 0.4, 0.5, 0.5) == 0.4


def test_the_policy_of_the_beaten_may_be_borrowed() -> None:
    body, work, _ = at(3, temperature=0)
    body.opportunism[5] = body.loyalty[5] = 0.0
    body.rung[7], body.stance[7, 0], work.outlook[5, 0] = CENSURED, 0.9, 1.0
    assert minds.choose_position(body, work, 5, NOBODY, 0, -0.4, 0.5, 0.0) == 0.9
    body.par[PLACE["borrowing"]] = 0.0
    assert minds.choose_position(body, work, 5, NOBODY, 0, -0.4, 0.5, 0.0) == 0.5


# Coalitions --------------------------------------------------------------------------------


def test_two_coalitions_are_at_war_where_one_aims_at_a_member_of_the_other() -> None:
    body, _, _ = at(20)
    assert membership.at_war(body, 0, 1) and membership.at_war(body, 1, 0)
    body.coalition_target[0] = 5
    assert membership.at_war(body, 0, 1)
    body.coalition_target[1] = NOBODY
    assert not membership.at_war(body, 0, 1) and not membership.at_war(body, 0, 0)
    assert not membership.at_war(body, NOBODY, 1) and not membership.at_war(body, 0, 2)


def test_a_term_is_served_to_the_month() -> None:
    body, _, _ = at(20, term=3)
    body.joined[1] = 18
    assert membership.bound(body, 1) and membership.barred(body, 1, 1)
    body.joined[1] = 17
    assert not membership.bound(body, 1) and not membership.barred(body, 1, 1)


def test_to_switch_is_to_come_from_the_rival_straight_or_by_way_of_an_exit() -> None:
    body, _, _ = at(20)
    trust = body.bond[0, 1]
    membership.enter(body, NOTES, 1, 1, 0)
    assert body.coalition[1] == 1 and body.count[SWITCHES] == 1 and body.joined[1] == 20
    assert body.bond[0, 1] == close(max(-1.0, trust - 0.2))
    assert body.ally[1, 3] == body.ally[3, 1] == body.ally[1, 6] == 1 and body.ally[1, 5] == 0
    membership.leave(body, NOTES, 2)
    assert body.count[DESERTIONS] == 1 and membership.former(body, 2) == 0
    membership.enter(body, NOTES, 2, 1, 0)
    assert body.count[SWITCHES] == 2 and body.count[DESERTIONS] == 1
    membership.enter(body, NOTES, 5, 1, 0)
    assert body.count[SWITCHES] == 2


def test_with_switching_barred_both_ways_are_shut() -> None:
    body, _, _ = at(20, switching=0)
    assert membership.barred(body, 1, 1) and not membership.barred(body, 5, 1)
    membership.leave(body, NOTES, 1)
    assert membership.barred(body, 1, 1) and not membership.barred(body, 1, 0)
    body.ally[5, 3] = body.ally[3, 5] = 1
    assert membership.barred(body, 5, 0) and not membership.barred(body, 5, 1)
    # He who left another coalition, formed later in the same place, has not left this one.
    body.coalition_born[0] = 15
    assert not membership.barred(body, 1, 1)


def test_a_coalition_whose_target_enters_it_has_none() -> None:
    body, _, _ = at(20)
    membership.enter(body, NOTES, 0, 1, 0)
    assert body.coalition_target[1] == NOBODY and body.coalition[0] == 1


def test_one_man_is_no_coalition_and_the_most_renowned_succeeds() -> None:
    body, _, _ = at(20)
    body.status[0] = GONE
    body.coalition[0] = NOBODY
    perception.muster(body)
    body.prestige[1], body.prestige[2] = 1.0, 2.0
    body.coalition[4] = body.coalition[6] = NOBODY
    membership.tidy(body, NOTES)
    assert body.coalition_leader[0] == 2 and body.coalition[0] == NOBODY
    assert body.coalition_leader[1] == NOBODY and body.coalition[3] == NOBODY


def test_who_can_be_asked_to_stand_against_a_man() -> None:
    body, _, _ = at(20, term=3)

    def asked(coalition: int = 0) -> list[int]:
        return [k for k in range(1, 8) if membership.may_be_invited(body, 0, k, 3, coalition)]

    assert asked() == [1, 2, 4, 5, 6, 7]
    body.joined[4] = 19
    assert asked() == [1, 2, 5, 6, 7]
    body.ally[7, 3] = 1
    assert asked() == [1, 2, 5, 6, 7]
    body.par[PLACE["switching"]] = 0.0
    assert asked() == [1, 2, 5]
    membership.leave(body, NOTES, 6)
    assert asked() == [1, 2, 5]


def test_whom_a_head_may_set_out_against() -> None:
    body, _, p = at(20, term=3)

    def possible(who: int) -> list[int]:
        return [k for k in p.present if targets.possible_target(body, who, k)]

    # Heads who can speak; a candidate only if named or at the head of others.
    assert possible(5) == [0, 1, 2, 3, 4]
    body.named[7] = 1
    assert possible(5) == [0, 1, 2, 3, 4, 7]
    # Whom his coalition fights already its leader alone sets out against; a partner after a term.
    assert possible(1) == [0, 2, 4, 5, 7] and 3 in possible(0)
    body.joined[1] = 18
    assert possible(1) == [4, 5, 7]


def test_a_coalition_is_idle_without_a_target_to_fear() -> None:
    body, work, p = at(20)
    assert not coalitions.idle(body, work, 0)
    body.coalition_target[0] = 5
    feared = 0.5 * p.v[5] + 0.5 * (1 - body.opacity[0, 5]) * body.bases[5]
    assert coalitions.idle(body, work, 0) == (feared < 0.5 / 8)
    body.opacity[0, 5], body.bases[5], work.voice[5] = 0.0, 0.13, 0.0
    assert not coalitions.idle(body, work, 0)
    body.bases[5] = 0.12
    assert coalitions.idle(body, work, 0)
    body.named[5] = 1
    assert not coalitions.idle(body, work, 0)
    body.status[5] = COMMITTEE
    assert coalitions.idle(body, work, 0)


def test_who_leads_more_than_half_away_has_taken_over() -> None:
    body, work, _ = at(20)
    work.inside[:] = 0
    work.inside[1] = 1
    work.weight[0], work.weight[2] = 0.2, 0.2
    assert not organising.takes_over(body, work, 1, 5)
    work.inside[2] = 1
    assert not organising.takes_over(body, work, 1, 5)
    work.weight[2] = 0.21
    assert organising.takes_over(body, work, 1, 5)
    assert not organising.takes_over(body, work, 5, 3)


def test_a_pair_is_enough_and_a_majority_goes_on() -> None:
    body, work, p = at(20, margin=0.1, temperature=0)
    work.inside[:], work.value[:] = 0, -1.0
    work.inside[5] = 1
    assert not organising.enough(body, work, 5, 3, 0.9)
    work.inside[7] = 1
    set_contest(body, work, 5, 3)
    assert organising.enough(body, work, 5, 3, 0.601)
    body.par[PLACE["effort"]] = 3.0
    for name in ("interest", "conviction", "friendship", "conformity"):
        body.par[PLACE[name]] = 0.0
    assert not organising.enough(body, work, 5, 3, 0.6)
    assert p["margin"] == 0.1


# Sanctions ---------------------------------------------------------------------------------


def test_who_may_be_accused() -> None:
    body, _, _ = at(20, rung_months=8)
    body.last[:9] = 12
    assert not sanctions.may_be_accused(body, 3)
    body.named[3] = 1
    assert sanctions.may_be_accused(body, 3)
    body.last[3] = 13
    assert not sanctions.may_be_accused(body, 3)
    body.named[8], body.last[8] = 1, 0
    assert not sanctions.may_be_accused(body, 8)


def test_thresholds_and_venues() -> None:
    body, _, _ = at(20, majority=0.55, expulsion_majority=0.7, venue=0.4)
    assert [sanctions.threshold(body, rung) for rung in (1, 2, 3, 4)] == [0.55, 0.55, 0.55, 0.7]
    assert [sanctions.venue_of(body, rung, 0) for rung in (1, 3, 4)] == [0.4, 0.4, 1.0]
    assert sanctions.venue_of(body, EXPELLED, 1) == 0.0 and sanctions.venue_of(body, 1, 2) == 1.0
    body.rung[3] = EXPELLED
    assert (
        consequences.next_rung(body, 3) == EXPELLED and consequences.next_rung(body, 4) == CENSURED
    )


def test_a_slate_takes_in_the_company_of_the_defeat() -> None:
    for slates, accused in ((1, [3, 4]), (0, [3])):
        body, work, _ = at(20, slates=slates)
        body.named[[3, 4, 6, 8]], body.company[[3, 4, 6, 8, 5]] = 1, [2, 2, 1, 2, 2]
        assert sanctions.accuse(body, work, 3) == len(accused)
        assert list(np.flatnonzero(work.accused)) == accused


def test_an_acquittal_costs_the_mover_and_clears_the_accused() -> None:
    for overturned in (False, True):
        body, work, _ = at(20, stake=0.25)
        body.named[[3, 4]], body.company[[3, 4]] = 1, 2
        sanctions.accuse_alone(work, 3)
        work.accused[4] = 1
        mover, target = body.prestige[0], body.prestige[3]
        sanctions.acquit(body, work, NOTES, 0, 3, overturned)
        assert body.prestige[0] == close(0.75 * mover)
        assert body.prestige[3] == close(target + 0.25 * mover)
        assert list(np.flatnonzero(body.named)) == ([0] if overturned else [])
        assert body.company[3] == body.company[4] == NOBODY


def test_who_defends_the_condemned_is_exposed_and_who_does_not_is_out_of_it() -> None:
    body, work, p = at(20, unity_liability=1, baseline_liability=0.5, signatories=1)
    body.prestige[:9] = 1.0
    survey(body, work, p.beta)
    body.company[[3, 4, 5]] = 7
    sanctions.accuse_alone(work, 3)
    for k in p.speakers:
        body.vote[k] = 0 if k in (3, 4) else 1
    sanctions.name_defenders(body, work, NOTES, 3)
    assert list(np.flatnonzero(body.named)) == [4]
    assert body.company[4] == 7 and body.company[5] == NOBODY and body.company[3] == 7


USUAL = (DISMISSED, REMOVED, EXPELLED)


@pytest.mark.parametrize("ladder", [USUAL, (1, 2, 3), (1, 1, 2), (2, 2, 3), (3, 5, 7)])
def test_what_each_rung_takes(ladder: tuple[int, int, int]) -> None:
    """Posts, seat and party are lost where the world's ladder says, and nowhere else."""
    posts, seat, party = ladder
    for rung in range(1, party + 1):
        body, work, _ = at(20, dismissal_cost=0.25)
        body.ladder[:] = ladder
        body.named[3], body.company[3] = 1, 4
        base = body.bases[3]
        consequences.sanction(body, work, NOTES, 3, rung, 0, 0)
        assert body.rung[3] == rung and body.since[3, rung] == body.last[3] == 20
        assert body.named[3] == 0 and body.company[3] == NOBODY
        kept = 1.0 if rung < posts else 0.75 if rung < seat else 0.0
        assert body.bases[3] == close(kept * base)
        assert (3 in body.office_holder) == (rung < posts)
        assert body.status[3] == (FULL if rung < seat else COMMITTEE if rung < party else GONE)
        assert (body.coalition[3] == NOBODY) == (rung >= seat)
        consequences.sanction(body, work, NOTES, 3, rung, 0, 0)
        assert body.since[3, rung] == 20


@pytest.mark.parametrize("ladder", [USUAL, (1, 2, 3), (2, 2, 3), (3, 5, 7)])
def test_what_is_asked_by_the_ladder(ladder: tuple[int, int, int]) -> None:
    """The next rung, how near a fall is, the majority, the venue, and who may be seated."""
    posts, seat, party = ladder
    body, _, _ = at(20, expulsion_majority=0.7, majority=0.5, venue=0.3)
    body.ladder[:] = ladder
    body.named[6] = 0
    for rung in range(party + 1):
        body.rung[4] = body.rung[6] = rung
        assert consequences.next_rung(body, 4) == min(party, rung + 1)
        assert nearness(body, 4) == close(min(1.0, (rung + 1) / seat))
        assert sanctions.threshold(body, rung) == (0.7 if rung == party else 0.5)
        assert sanctions.venue_of(body, rung, 0) == (1.0 if rung == party else 0.3)
        assert bool(vacancy.may_be_seated(body, 6, 0)) == (rung < posts)


def test_those_accused_with_a_leader_go_up_by_two_rungs_at_most() -> None:
    body, work, _ = at(20, grudge=0.3, recanting=0)
    sanctions.accuse_alone(work, 3)
    work.accused[[4, 6]] = 1
    body.rung[6] = DISMISSED
    body.vote[:] = 0
    body.vote[[0, 1]] = 1
    trust = body.bond.copy()
    consequences.carry_out(body, work, NOTES, 0, 3, REMOVED)
    assert [body.rung[k] for k in (3, 4, 6)] == [REMOVED, DISMISSED, REMOVED]
    assert body.bond[4, 0] == close(max(-1.0, trust[4, 0] - 0.3))
    assert body.bond[4, 2] == close(trust[4, 2])


def test_the_condemned_appeals_where_he_counts_on_more_than_half() -> None:
    body, work, p = at(20, second_house=1)
    for lean, goes in ((0.49, True), (0.51, False)):
        work.lean[:9] = lean
        assert bool(sanctions.taken_on(body, work, 3, DISMISSED)) is goes
    work.lean[:9] = 0.0
    assert not sanctions.taken_on(body, work, 3, EXPELLED)
    body.par[PLACE["second_house"]] = 0.0
    assert not sanctions.taken_on(body, work, 3, DISMISSED)
    assert p.speakers and body.count[APPEALS] == 0


# The floor, and elections after a congress ------------------------------------------------


def removed(who: int, month: int = 20, key: int = 5, **settings: float) -> tuple[Any, Any, Plain]:
    """The scene with one of its men out of the body, as clear of conviction as he may be."""
    body, work, _ = at(month, key, **settings)
    body.status[who], body.bases[who], body.coalition[who] = COMMITTEE, 0.0, NOBODY
    muster(body)
    survey(body, work, body.par[PLACE["venue"]])
    body.vote[:] = -1
    return body, work, Plain(body)


@pytest.mark.parametrize("key", range(8))
def test_the_removed_stand_up_by_the_one_value(key: int) -> None:
    body, work, p = removed(6, key=key)
    for loser, winner, losing, places in ((3, 0, 0, (-0.4, 0.6)), (0, 3, 1, (0.6, -0.4))):
        set_contest(body, work, 0, 3)
        set_policy(work, 0, 0.6, -0.4)
        floor.argue_again(body, work, loser, winner, losing)
        work.expected[6] = 0.3
        worth = Contest(p, loser, winner, 0, places).V(6, 0.3, "member", "out")
        expected = sigma((worth - p["effort"]) / p["temperature"])
        assert minds.stand_up(body, work, 6) == close(expected)


def test_who_stood_up_is_named_with_the_beaten_as_a_signatory() -> None:
    for chance in (1.0, 0.0):
        body, work, p = removed(
            6, floor=chance, effort=0, temperature=0, conviction=0, friendship=5, signatories=1,
            unity_liability=1, baseline_liability=0, liability_reach=0.05,
        )  # fmt: skip
        body.opportunism[6] = body.loyalty[6] = 0.0
        body.bond[6, :9], body.bond[6, 3] = -1.0, 1.0
        body.prestige[6] = body.prestige[3]
        body.stance[3, 0], body.line[0] = 1.0, -1.0
        set_contest(body, work, 0, 3)
        set_policy(work, 0, 0.6, -0.4)
        for k in p.speakers:
            body.vote[k] = 0 if k == 3 else 1
        floor.take_floor(body, work, NOTES, 3, 0, 0, 0.2)
        offences.name_beaten(body, work, NOTES, 3, 0, NOBODY, 0)
        assert body.vote[6] == (0 if chance else -1)
        assert list(np.flatnonzero(body.named[:9])) == ([3, 6] if chance else [3])


def test_who_is_in_the_committee_alone_is_expelled_or_nothing() -> None:
    body, work, _ = removed(6, slates=1, rung_months=8)
    body.named[[3, 4, 6]], body.company[[3, 4, 6]] = 1, 2
    body.last[:9] = 12
    assert consequences.next_rung(body, 6) == EXPELLED and sanctions.may_be_accused(body, 6)
    assert sanctions.accuse(body, work, 3) == 2 and not work.accused[6]
    assert sanctions.accuse(body, work, 6) == 1 and list(np.flatnonzero(work.accused)) == [6]
    body.capable[6] = 0
    assert not sanctions.may_be_accused(body, 6)
    body.capable[6] = 1
    consequences.carry_out(body, work, NOTES, 0, 6, EXPELLED)
    assert body.status[6] == GONE and body.rung[6] == EXPELLED and body.named[6] == 0


def test_a_plenum_expels_by_two_thirds_of_the_committee() -> None:
    tried = 0
    for month in range(21, 81, 3):
        body, work, p = removed(6, month, effort=0, severity=0, plenum_months=3)
        body.named[6], body.rung[6], body.last[6] = 1, REMOVED, 0
        sanctions.hold_plenum(body, work, NOTES)
        if body.count[DEMANDS]:
            tried += 1
            p.beta = 1.0
            w = p.votes(lambda k, body=body: body.bases[k], p.u)
            yes = sum(w[k] for k in p.speakers if body.vote[k] == 1)
            assert (body.status[6] == GONE) == (yes > p["expulsion_majority"])
    assert tried > 0


def test_the_lot_falls_within_the_house() -> None:
    drawn = {6: set[int](), 3: set[int]()}
    for month in range(60):
        body, _, _ = removed(6, month, random_victims=1)
        body.status[7] = COMMITTEE
        muster(body)
        for who, victims in drawn.items():
            victims.add(int(consequences.by_lot(body, who)))
    assert drawn[6] == {6, 7} and drawn[3] == {0, 1, 2, 3, 4, 5}


def test_the_first_plenum_after_a_congress_elects() -> None:
    body, _, _ = at(21, plenum_months=3)
    assert not demotion.elects(body)
    for month, congress, elects in ((21, 21, True), (21, 19, True), (21, 18, False),
                                    (22, 21, False), (24, 21, False)):  # fmt: skip
        body.clock[MONTH], body.clock[LAST_CONGRESS] = month, congress
        assert bool(demotion.elects(body)) is elects, (month, congress)


def test_who_is_dismissed_then_is_not_elected_again() -> None:
    for who, after in ((3, CANDIDATE), (6, COMMITTEE)):
        for chance in (1.0, 0.0):
            body, work, _ = at(21, demotion=chance, plenum_months=3, dismissal_cost=0.25)
            body.clock[LAST_CONGRESS] = 20
            before, base, seat = body.status[who], body.bases[who], body.seat[who]
            consequences.sanction(body, work, NOTES, who, DISMISSED, 0, 0)
            assert body.rung[who] == DISMISSED
            assert body.status[who] == (after if chance else before)
            assert body.seat[who] == (NOBODY if chance else seat)
            if seat != NOBODY:
                assert body.seat_holder[seat] not in (NOBODY, who if chance else NOBODY)
            out = chance == 1.0 and after == COMMITTEE
            assert body.bases[who] == close(0.0 if out else 0.75 * base)
            assert body.coalition[who] == (NOBODY if out else 1)


# Patrons, seats and posts ------------------------------------------------------------------


def test_who_can_be_a_patron() -> None:
    body, work, p = at(20, gap=1.0)
    body.patron[:9] = NOBODY
    for other in p.present:
        weaker = p.p(7, 7) < p.p(7, other)
        posts = other in (0, 3)
        assert favours.possible_patron(body, work, 7, other) == (posts and weaker), other
    body.patron[0] = 7
    assert not favours.possible_patron(body, work, 7, 0)
    body.patron[0], body.patron[7] = NOBODY, 0
    assert not favours.possible_patron(body, work, 7, 0)


def test_a_client_goes_over_with_his_patron() -> None:
    # A year of months, so that everybody who may has looked for one.
    moved = 0
    for month in range(20, 32):
        body, work, _ = at(month, attachment=0.2, gap=1, friendship=5, effort=0)
        body.opportunism[7], body.bond[7, 3] = 0.0, 1.0
        patrons.seek_patrons(body, work, NOTES)
        if body.patron[7] == 3:
            moved += 1
            assert body.coalition[7] == 1
    assert moved > 0


def test_victors_take_the_posts_by_what_they_brought() -> None:
    taken = []
    for month in range(400):
        body, work, p = at(month)
        taken.append(vacancy.victor(body, work, 52, 1, 3))
    share = p.w[4] / (p.w[4] + p.w[6])
    error = 4 * math.sqrt(share * (1 - share) / 400)
    assert set(taken) == {4, 6} and abs(taken.count(4) / 400 - share) < error


def test_posts_go_to_men_without_one_who_are_not_named() -> None:
    body, work, p = at(20)
    body.named[[1, 2]] = 1
    choice = vacancy.name_to_post(body, work, NOBODY, 5)
    assert choice == max((4, 6, 7), key=lambda k: p.v[k])
    assert vacancy.has_post(body, 3) and not vacancy.has_post(body, 4)


def test_seats_go_to_candidates_in_good_standing() -> None:
    body, work, _ = at(20)
    best = 6 if body.prestige[6] > body.prestige[7] else 7
    assert vacancy.choose_candidate(body, work, NOBODY) == best
    body.named[best] = 1
    assert vacancy.choose_candidate(body, work, NOBODY) == 13 - best
    body.rung[13 - best] = DISMISSED
    assert vacancy.choose_candidate(body, work, NOBODY) == NOBODY
    body.rung[13 - best] = CENSURED
    assert vacancy.choose_candidate(body, work, NOBODY) == 13 - best
    assert vacancy.appointer(body, work, NOBODY) == max((0, 3), key=lambda k: work.rate[k])
    assert vacancy.appointer(body, work, 0) == 0 and vacancy.appointer(body, work, 1) == 3


def test_who_is_out_weighs_nothing() -> None:
    body, work, p = at(20)
    body.status[3] = COMMITTEE
    body.bases[3] = 0.0
    muster(body)
    survey(body, work, p.beta)
    assert all(x[3] == 0 for x in (work.weight, work.voice, work.own, work.open))
    assert work.weight[:9].sum() == close(1.0)
