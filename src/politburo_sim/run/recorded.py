"""Histories on which a record is imposed: the compiled driver of `rules/recorded.py`."""

from __future__ import annotations

import math
from typing import Any

from politburo_sim.rules.founding import found
from politburo_sim.rules.month import live_month
from politburo_sim.rules.power import strongest
from politburo_sim.rules.recorded import recorded_month
from politburo_sim.run.engine import Outcomes, keep
from politburo_sim.state.body import NOBODY, Agenda, Calendar, Coding, Floats
from politburo_sim.state.compiled import rule
from politburo_sim.state.journal import Journal
from politburo_sim.state.minutes import ERROR, PARTS, RECORDING, SEAT_ERROR, Minutes
from politburo_sim.state.work import Work


@rule
def run_recorded(
    bodies: Any, work: Work, journal: Journal, calendar: Calendar, agenda: Agenda,
    minutes: Minutes, initial: Any, coding: Coding, first: int, until: int, last: int,
    seeds: Any, origins: Any, points: Floats, recording: Floats, error: float, seat_error: float,
    states: Any, mark: int, marked: Any, behind: int, power: float, least: Floats,
    like: Floats, out: Outcomes, start: int, stop: int,
) -> None:  # fmt: skip
    """Run the histories start..stop-1: the record imposed before month `until`, free until `last`.

    seeds[run, 0] founds the run and seeds[run, 1 + month] is the luck of a month: a seed, and
    twists of parts of its draws where there are more columns; origins[run] are those of the
    founding. recording[run] is the chance c that a roll call is in the record. From a month `first`
    above 0 a run goes on from states[run]. marked[run] becomes the state before month `mark`,
    like[run, month, part] the log-likelihood to the month's end.

    A run is given up, its log-likelihood -inf from there on, as soon as that to month `behind` and
    `power` times the rest fall short of least[run]: it can only fall.
    """
    many = seeds.shape[2] - 1
    for run in range(start, stop):
        bodies[0] = initial[0]
        body = bodies[0]
        if first == 0:
            for i in range(body.par.shape[0]):
                body.par[i] = points[run, i]
            for part in range(origins.shape[1]):
                body.twist[part] = origins[run, part]
            found(body, work, coding, seeds[run, 0, 0])
            body.like[RECORDING] = recording[run]
            body.like[ERROR] = error
            body.like[SEAT_ERROR] = seat_error
        else:
            bodies[0] = states[run]
        before = 0.0
        for part in range(PARTS):
            before += body.like[part]
        for month in range(first, last):
            if month == mark:
                marked[run] = bodies[0]
            body.seed[0] = seeds[run, 1 + month, 0]
            for part in range(many):
                body.twist[part] = seeds[run, 1 + month, 1 + part]
            if month < until and minutes.covered[month] != 0:
                recorded_month(body, work, journal, calendar, agenda, minutes, month)
            else:
                live_month(body, work, journal, calendar, agenda, month)
            if month < like.shape[1]:
                for part in range(PARTS):
                    like[run, month, part] = body.like[part]
            reached = 0.0
            for part in range(PARTS):
                reached += body.like[part]
            if month < behind:
                before = reached
            if before + power * (reached - before) < least[run]:
                like[run, month:] = -math.inf
                break
            if out.lead.shape[1] > 0:
                leader = strongest(body)
                out.leader[run, month] = leader
                out.lead[run, month] = body.share[leader] if leader != NOBODY else 0.0
        keep(body, out, run)
