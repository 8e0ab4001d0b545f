"""Rules that once were wrong: each test fails on the rules as they were before they were mended."""

from typing import Any

import numpy as np
import pytest
from support import CENSURED, DISMISSED, scene

from politburo_sim.rules import (
    coalitions,
    consequences,
    divisions,
    events,
    favours,
    membership,
    organising,
    recorded_falls,
    recorded_seats,
    sanctions,
    sole_rule,
    vacancy,
)
from politburo_sim.rules.luck import new_month
from politburo_sim.rules.perception import muster, survey
from politburo_sim.rules.value import nearness
from politburo_sim.run.member import CROSS, Member
from politburo_sim.run.model import Politburo
from politburo_sim.state import journal as j
from politburo_sim.state.body import (
    AGAINST,
    ATTEMPTS,
    COMMITTEE,
    DESERTIONS,
    DIVISIONS,
    MONTH,
    NOBODY,
    STREAK,
    SWITCHES,
    new_record,
)
from politburo_sim.state.journal import make_journal
from politburo_sim.state.minutes import AS_NAMED, ERROR, FILLING, FREELY, Minutes
from politburo_sim.state.parameters import PLACE
from politburo_sim.state.work import ABSENT, OURS, RIVAL, THEIR_PRIZE
from politburo_sim.worlds.scenario import Scenario
from politburo_sim.worlds.world import build_world

NOTES = make_journal(0, 0, 16)
NOW = 20
WITHOUT_POST = [1, 2, 4, 5, 6, 7]
close = pytest.approx


def at(month: int = NOW, **settings: float) -> tuple[Any, Any]:
    """The scene in a month, all in it for a year and never sanctioned (`support.scene`)."""
    body, work = scene(5, **settings)
    body.clock[MONTH] = month
    body.joined[:9] = month - 12
    new_month(body)
    return body, work


def alone(body: Any) -> None:
    """Nobody is in a coalition."""
    body.coalition[:] = body.coalition_leader[:] = body.coalition_target[:] = NOBODY


# Posts and seats ---------------------------------------------------------------------------


@pytest.mark.parametrize("namer", [NOBODY, 0])
def test_nobody_who_was_ever_dismissed_is_put_into_a_post(namer: int) -> None:
    body, work = at()
    for left in WITHOUT_POST:
        body.rung[WITHOUT_POST] = DISMISSED
        body.rung[left] = CENSURED
        assert vacancy.name_to_post(body, work, namer, NOBODY) == left
    body.rung[WITHOUT_POST] = DISMISSED
    assert vacancy.name_to_post(body, work, namer, NOBODY) == NOBODY


@pytest.mark.parametrize("namer", [8, 3])
def test_neither_who_cannot_speak_nor_who_loses_a_post_takes_it(namer: int) -> None:
    """8 is ill, and 3 is the man himself; of the others nobody is to be had."""
    body, work = at()
    body.named[WITHOUT_POST] = 1
    vacancy.pass_office(body, work, NOTES, 1, 3, NOBODY, namer)
    assert body.office_holder[1] == NOBODY


def test_who_was_sanctioned_this_month_takes_no_seat() -> None:
    body, _ = at()
    body.rung[6] = CENSURED
    for last, seated in ((NOW - 1, True), (NOW, False)):
        body.last[6] = last
        assert bool(vacancy.may_be_seated(body, 6, NOBODY)) is seated


def test_a_seat_stays_free_where_nobody_of_the_record_can_take_it() -> None:
    for filling, free in ((AS_NAMED, True), (FREELY, False)):
        body, work = at()
        seat = vacancy.free_seat(body, 5)
        body.status[5] = COMMITTEE
        body.named[[6, 7]] = 1
        muster(body)
        work.ask[FILLING] = filling
        vacancy.fill_seat(body, work, NOTES, seat, NOBODY)
        assert bool(body.seat_holder[seat] == NOBODY) is free


def test_newcomers_differ_in_opportunism_by_the_spread() -> None:
    for spread, others in ((0.2, 6), (0.0, 1)):
        body, work = at(opportunism=0.5, opportunism_spread=spread)
        came = [vacancy.newcomer(body, work, seat, NOBODY) for seat in range(6)]
        drawn = body.opportunism[came]
        assert len(set(drawn)) == others
        assert np.abs(drawn - 0.5).max() <= spread


def test_a_candidate_whose_patron_is_gone_is_nobodys_client() -> None:
    body, work = at()
    body.opportunism[5] = 0.9
    worth = []
    for patron in (NOBODY, 2, 1):
        body.patron[7] = patron
        body.status[2] = COMMITTEE
        worth.append(favours.worth_naming(body, work, 5, 7))
    assert worth[0] == worth[1] > worth[2]


def test_who_is_put_into_the_committee_alone_loses_his_posts() -> None:
    body, work = at()
    minutes: Any = new_record(Minutes, {"T": NOW + 2, "A": 1, "N": 64, "S": 1})[1]
    minutes.moved_due[NOW + 1] = 1
    minutes.moved[0], minutes.moved_to[0] = 3, COMMITTEE
    recorded_seats.change_standings(body, work, NOTES, minutes)
    assert body.status[3] == COMMITTEE
    assert 3 not in body.office_holder and NOBODY not in body.office_holder[:3]


def test_at_a_congress_who_voted_as_the_strongest_has_said_yes() -> None:
    """0 leads and was beaten: who voted no with him stands with the victors, who said yes not."""
    world = build_world(Scenario.model_validate(
        {"name": "one", "title": "One", "axes": ["a", "b"], "seats": 1,
         "members": [{"name": "M", "status": "full", "prestige": 1}],
         "events": [{"id": "e", "date": "1922-01", "kind": "congress", "text": "t", "amount": 0}]}
    ))  # fmt: skip
    for own in (0, 1):
        body, work = at(venue=0)
        body.vote[:9] = [own, 0, 1, 1, 1, 0, 1, 1, ABSENT]
        body.coalition[:9] = [0, 0, 0, 1, 1, 0, NOBODY, NOBODY, NOBODY]
        events.happen(body, work, NOTES, world.calendar, 0)
        seen = [1, 1, 0, 0, 0, 1, 0, 0, ABSENT] if own == 0 else [1, 0, 1, 1, 1, 0, 1, 1, ABSENT]
        assert list(body.vote[:9]) == seen


def test_the_clients_of_a_candidate_count_in_his_power() -> None:
    body, work = at()
    body.clients[6] = 2.0
    survey(body, work, body.par[PLACE["venue"]])
    assert work.open[6] == close((work.voice[6] + 2 / 6) / 3)


# Coalitions --------------------------------------------------------------------------------


def test_what_falls_to_the_rival_of_a_new_coalition_counts_by_nearness() -> None:
    """5 stands alone and can aim at 3 alone; nobody may join him, so that the contest is left."""
    aimed = 0
    for month in range(NOW, NOW + 12):
        body, work = at(month, switching=0, coin_joins=1)
        body.ally[5, :9] = body.ally[:9, 5] = 1
        body.ally[:9, 3] = body.ally[3, :9] = 1
        body.ally[5, 3] = body.ally[3, 5] = 0
        work.contest[RIVAL] = NOBODY
        survey(body, work, body.par[PLACE["venue"]])
        organising.organise(body, work, NOTES, 5)
        if work.contest[RIVAL] == 3:
            aimed += 1
            assert work.contest[OURS] == NOBODY and 0 < nearness(body, 5) < 1
            assert work.stakes[THEIR_PRIZE] == close(work.prize[5] * nearness(body, 5))
    assert aimed > 0


def test_nobody_is_turned_by_a_friend_on_a_man_with_whom_he_stood() -> None:
    """5 sets out against 4, whose coalition 3 leads."""
    for stood, target in ((0, 5), (1, 0)):
        body, work = at(switching=0)
        body.ally[3, 5] = body.ally[5, 3] = stood
        membership.found(body, 2, 5, 4, AGAINST)
        body.coalition[5] = 2
        organising.defend(body, work, NOTES, 5, 4, 2)
        assert body.coalition_target[1] == target


def test_a_term_outlasts_an_exit() -> None:
    for joined, bound in ((NOW - 1, True), (NOW - 3, False)):
        body, _ = at(term=3)
        body.joined[1] = joined
        membership.leave(body, NOTES, 1)
        assert bool(membership.barred(body, 1, 1)) is bound
        assert bool(membership.may_be_invited(body, 3, 1, 0, 1)) is not bound


def test_a_leader_does_not_resent_who_follows_him() -> None:
    """0 sets out against his own man 2 in a new coalition, and 1 comes with him."""
    body, _ = at()
    trust = body.bond[0, 1]
    membership.found(body, 2, 0, 2, AGAINST)
    membership.enter(body, NOTES, 1, 2, 0)
    assert body.coalition[1] == 2 and body.bond[0, 1] == trust


def test_who_leaves_a_coalition_that_is_aimed_at_him_does_not_cross() -> None:
    body, _ = at()
    trust = body.bond[0, 1]
    body.coalition_target[0] = 1
    membership.leave(body, NOTES, 1)
    membership.enter(body, NOTES, 1, 1, 0)
    assert body.coalition[1] == 1 and body.count[SWITCHES] == 0 and body.bond[0, 1] == trust


def test_who_is_ill_stays_in_his_coalition_when_it_is_gathered() -> None:
    body, work = at()
    body.coalition[8] = 0
    work.inside[:] = 0
    work.inside[[0, 1]] = 1
    organising.gather(body, work, NOTES, 0, 3, 0, False)
    assert body.coalition[2] == NOBODY and body.coalition[8] == 0
    assert body.count[DESERTIONS] == 1


def test_an_able_man_is_heir_before_an_ill_one() -> None:
    for members, heir in (([1, 2, 8], 2), ([7, 8], 8)):
        body, _ = at()
        body.capable[7] = 0
        body.prestige[[1, 2, 7, 8]] = [1.0, 2.0, 3.0, 9.0]
        body.coalition[[0, 1, 2]] = NOBODY
        body.coalition[members] = 0
        muster(body)
        membership.tidy(body, NOTES)
        assert body.coalition_leader[0] == heir


def test_all_who_are_asked_to_sign_expect_the_same_tally() -> None:
    signed = 0
    for month in range(NOW, NOW + 12):
        body, work = at(month, coin_joins=1)
        work.expected[:] = -1.0
        coalitions.rally(body, work, NOTES, 5, 0, 0, 0.6, -0.4)
        asked = [1, 2, 4, 6, 7]
        assert list(work.expected[asked]) == [work.weight[5]] * 5
        signed += int((body.coalition[asked] == 2).sum())
    assert signed > 1


# Divisions and sanctions -------------------------------------------------------------------


def test_who_gives_way_lets_the_other_move() -> None:
    body, work = at(temperature=0)
    body.par[PLACE["effort"]] = 100.0  # nobody stands up
    own, journal = body.stance[0, 0], make_journal(8, 2, 64)
    divisions.contend(body, work, journal, 0, 3, 0, -0.4, 0.5, NOBODY)
    (entry,) = journal.entries[: journal.size[0]]
    assert (entry["kind"], entry["who"]) == (j.ADOPTED, 3)
    assert body.stance[3, 0] == entry["x"] and body.stance[0, 0] == own


def test_nothing_is_divided_over_where_two_men_stand_at_one() -> None:
    held = {0.0: 0, 1.0: 0}
    for month in range(NOW, NOW + 12):
        for apart in held:
            body, work = at(month, coin_joins=1)
            alone(body)
            body.stance[:9, :2] = 0.0
            body.stance[5, 0] = apart
            divisions.duel(body, work, NOTES, 5)
            assert body.count[ATTEMPTS] == 1
            held[apart] += int(body.count[DIVISIONS])
    assert held[0.0] == 0 < held[1.0]


def test_a_slate_leaves_out_whose_last_rung_is_too_recent() -> None:
    for last, accused in ((NOW - 8, [3, 4]), (NOW - 7, [3])):
        body, work = at(slates=1, rung_months=8)
        body.named[[3, 4]], body.company[[3, 4]] = 1, 2
        body.last[4] = last
        assert sanctions.accuse(body, work, 3) == len(accused)
        assert list(np.flatnonzero(work.accused)) == accused


def test_who_votes_yes_is_out_of_the_company_of_the_condemned_alone() -> None:
    body, work = at(unity_liability=0, baseline_liability=0)
    body.company[[3, 4, 5]] = [7, 7, 8]
    sanctions.accuse_alone(work, 3)
    body.vote[:9] = 1
    sanctions.name_defenders(body, work, NOTES, 3)
    assert list(body.company[[3, 4, 5]]) == [7, NOBODY, 8]


def test_the_offence_of_the_accused_is_used_up_whomever_the_lot_strikes() -> None:
    others = 0
    for month in range(NOW, NOW + 8):
        body, work = at(month, random_victims=1, recanting=0)
        body.named[3], body.company[3] = 1, 2
        sanctions.accuse_alone(work, 3)
        body.vote[:] = ABSENT
        consequences.carry_out(body, work, NOTES, 0, 3, CENSURED)
        others += int(body.rung[3] == 0)
        assert body.named[3] == 0 and body.company[3] == NOBODY
    assert others > 0


def test_nobody_is_struck_by_lot_twice_in_a_month() -> None:
    for month in range(NOW, NOW + 8):
        body, _ = at(month, random_victims=1)
        body.last[:8] = month
        body.last[6] = month - 1
        assert consequences.by_lot(body, 3) == 6


def test_a_fall_of_which_no_vote_is_known_leaves_no_votes() -> None:
    body, work = at()
    body.like[ERROR] = 0.01
    body.vote[:8] = 1
    assert recorded_falls.fall(body, work, NOTES, 0, 3, DISMISSED)
    assert body.status[3] == COMMITTEE and (body.vote == ABSENT).all()


def test_a_ruler_who_was_sanctioned_this_month_does_not_strike() -> None:
    body, _ = at(rule_of_one=1, unity_liability=1)
    body.share[3], body.clock[STREAK] = 0.9, 6
    for last, strikes in ((NOW - 1, True), (NOW, False)):
        body.last[3] = last
        assert bool(sole_rule.chance_to_strike(body) > 0) is strikes


# Members of one's own ----------------------------------------------------------------------


def model_of(kind: type[Member], **settings: float) -> Politburo:
    """Six heads: 0, 1 and 2 stand together against 3, who stands with 4; 5 stands alone."""
    members = [{"name": f"M{i}", "status": "full", "prestige": 1} for i in range(6)]
    offices = [{"name": f"O{i}", "holder": f"M{i}", "appointments": 1} for i in range(2)]
    scenario = Scenario.model_validate(
        {"name": "six", "title": "Six", "axes": ["a", "b"], "seats": 6, "members": members,
         "offices": offices}
    )  # fmt: skip
    model = Politburo(build_world(scenario, settings), 5, kind)
    body = model.arrays
    body.clock[MONTH] = NOW
    body.joined[:6] = NOW - 12
    body.office_holder[:2] = [0, 3]  # members lie in the order of their ids
    body.coalition[:6] = [0, 0, 0, 1, 1, NOBODY]
    body.coalition_leader[:2], body.coalition_target[:2] = [0, 3], [3, 0]
    new_month(model.body)
    return model


class Crosses(Member):
    """He would always cross, and notes for whom he was asked."""

    asked: list[tuple[int, int, int]]

    def reconsider(self, question: Any) -> int:
        self.asked.append((self.slot, question.challenger.slot, question.rival.slot))
        return CROSS


def think_again(model: Politburo) -> list[int]:
    Crosses.asked = []
    model._month.keep_coalitions(model.body, model.work, model.journal)
    return list(model.arrays.coalition[:6])


OFTEN = {"reconsidering": 1, "idleness": 0, "term": 3}


def test_nobody_crosses_to_no_coalition() -> None:
    model = model_of(Crosses, **OFTEN)
    body = model.arrays
    body.coalition[3:5] = body.coalition_leader[1] = body.coalition_target[1] = NOBODY
    assert think_again(model) == [0, 0, 0, NOBODY, NOBODY, NOBODY]
    assert Crosses.asked == [(1, 0, 3), (2, 0, 3)] and model.journal.size[0] == 0


def test_nobody_crosses_before_his_term_is_served() -> None:
    model = model_of(Crosses, **OFTEN)
    model.arrays.joined[:6] = NOW - 2
    assert think_again(model) == [0, 0, 0, 1, 1, NOBODY]
    assert model.arrays.count[SWITCHES] == 0
    model.arrays.joined[:6] = NOW - 3
    think_again(model)
    assert model.arrays.count[SWITCHES] > 0


def test_who_thinks_again_is_asked_about_his_leader_and_his_target() -> None:
    model = model_of(Crosses, **OFTEN)
    model.arrays.joined[:6] = NOW - 2
    think_again(model)
    assert Crosses.asked == [(1, 0, 3), (2, 0, 3), (4, 3, 0)]


class Names(Member):
    """He notes that he was asked whom he would put into a place."""

    asked: list[int]

    def worth_naming(self, candidate: Member) -> float:
        self.asked.append(self.slot)
        return super().worth_naming(candidate)


def test_a_ruler_who_strikes_names_successors_by_his_own_method() -> None:
    """0 rules alone and hates 3, who has a post; he has one himself."""
    Names.asked = []
    model = model_of(Names, rule_of_one=1, unity_liability=1, temperature=0, restraint=0)
    body = model.arrays
    alone(body)
    body.clock[STREAK], body.share[0] = 6, 0.9
    body.opportunism[0], body.bond[0, :6], body.bond[0, 3] = 0.0, 1.0, -1.0
    model._month.rule_alone(model.body, model.work, model.journal)
    assert body.status[3] == COMMITTEE and 0 in Names.asked
