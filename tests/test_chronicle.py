"""What the chronicle says is what the journal has."""

import pytest

from politburo_sim import Politburo, load_scenario
from politburo_sim.record.annalist import Annalist
from politburo_sim.record.record import words as chronicle_words
from politburo_sim.state import journal as j


@pytest.mark.parametrize("seed", [7, 10])
def test_a_charge_renewed_without_a_vote_says_how_the_last_one_ended(seed: int) -> None:
    model = Politburo(load_scenario("ussr-1922"), seed=seed)
    model.run()
    rows = chronicle_words.read(model.journal.entries[: int(model.journal.size[0])])
    annalist = Annalist(model.world, chronicle_words.people(model.world, rows),
                        model.journal.ballots)  # fmt: skip
    ended: dict[tuple[int, int], bool] = {}
    renewed = 0
    for story in chronicle_words.episodes(rows):
        told = " ".join(annalist.tell(story))
        if story[0].kind != j.RAISED:
            continue
        pair = story[0].who, story[0].whom
        if "returns to the charge" in told:
            assert ("this time without a vote" in told) is ended[pair]
            assert ("again without a vote" in told) is not ended[pair]
            renewed += 1
        ended[pair] = any(entry.kind == j.ROLL_CALL for entry in story)
    assert renewed > 0
