"""What is sent of a drawing: all that is new in it, and enough to make the whole of."""

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from politburo_sim.view.choice import Choice, WatchedPolitburo
from politburo_sim.view.chronicle import chronicle
from politburo_sim.view.map import policy_map
from politburo_sim.view.news import News, Sent, news
from politburo_sim.view.odds import odds_picture
from politburo_sim.view.river import river
from politburo_sim.view.roll_calls import roll_calls
from politburo_sim.view.table import table

PANELS = (table, policy_map, river, roll_calls, chronicle)
LINES = st.lists(st.sampled_from("abcdef"), max_size=12)


def whole(old: list[str], told: News) -> list[str]:
    """As the page makes it."""
    parts = ([one] if isinstance(one, str) else old[slice(*one)] for one in told)
    return [line for part in parts for line in part]


@given(LINES, LINES)
def test_a_drawing_is_made_of_the_one_before_and_the_news(old, new):
    assert whole(old, news(old, new)) == new


@given(LINES)
def test_what_was_there_is_not_sent_again(lines):
    assert not any(isinstance(one, str) for one in news(lines, lines))


def test_what_is_forgotten_while_a_draw_is_told_leaves_a_draw_that_can_be_made(monkeypatch):
    sent, had = Sent(), ["<a>", "1", "</a>"]
    sent.send(1, {"panel": "\n".join(had)})

    def telling(old, new):
        sent.forget()
        return news(old, new)

    monkeypatch.setattr("politburo_sim.view.news.news", telling)
    since, told = sent.send(2, {"panel": "<a>\n1\n2\n</a>"})
    assert whole(had if since else [], told["panel"]) == ["<a>", "1", "2", "</a>"]


def test_months_that_are_played_are_made_of_the_news_alone():
    model, sent, had, months, told = WatchedPolitburo(Choice(seed=7)), Sent(), {}, 0, 0
    for draw in range(1, 60):
        model.step()
        drawn = {panel.__name__: panel(model.watch.scene()) for panel in PANELS}
        since, parts = sent.send(draw, drawn)
        assert since == draw - 1
        had = {name: whole(had.get(name, []), part) for name, part in parts.items()}
        assert {name: "\n".join(lines) for name, lines in had.items()} == drawn
        months += sum(map(len, drawn.values()))
        told += sum(len(one) for part in parts.values() for one in part if isinstance(one, str))
    assert told < months / 2


def test_what_is_forgotten_is_sent_whole():
    sent = Sent()
    sent.send(1, {"map": "<a>\n</a>"})
    sent.forget()
    assert sent.send(2, {"map": "<a>\n</a>"}) == (0, {"map": ["<a>", "</a>"]})


@pytest.mark.parametrize("months", [0, 1, 60, 300])
def test_every_part_of_a_drawing_is_one_element_on_a_line(months):
    model = WatchedPolitburo(Choice(seed=7)).live_to(months)
    scene, chances = model.watch.scene(), {"Stalin": 0.6, "nobody": 0.4}
    odds = odds_picture(chances, {}, ((0, chances), (9, chances)), 213, "1,000 futures")
    both = river(scene, 20, over=scene)
    for drawn in (*(panel(scene) for panel in PANELS), odds, both):
        opening, *parts, closing = drawn.split("\n")
        assert ElementTree.fromstring(opening + closing) is not None
        assert all(ElementTree.fromstring(part) is not None for part in parts)
