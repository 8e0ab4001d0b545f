"""The page: Mesa's SolaraViz around the model, with panels of inline SVG.

`politburo-sim view` starts it; `solara run politburo_sim.view.app` works too. Every visitor has
a session, and so a model, of his own.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from politburo_sim.view import choice as choosing
from politburo_sim.view.choice import WatchedPolitburo
from politburo_sim.view.chronicle import chronicle
from politburo_sim.view.controls import (
    Jump,
    Keys,
    Seed,
    TakeHome,
    help_text,
    meanings,
    model_params,
)
from politburo_sim.view.drawing import NOBODY_COLOUR, drawn, percent
from politburo_sim.view.export import sheet, twin_sheet
from politburo_sim.view.forecast import Forecast, Forecaster
from politburo_sim.view.guide import Guide, Head
from politburo_sim.view.legends import LEGENDS
from politburo_sim.view.map import policy_map
from politburo_sim.view.news import Sent
from politburo_sim.view.odds import odds_picture
from politburo_sim.view.offline import keep_to_this_machine
from politburo_sim.view.redraw import let_mesa_redraw, redraw
from politburo_sim.view.river import WIDE, river
from politburo_sim.view.roll_calls import roll_calls
from politburo_sim.view.scene import Scene
from politburo_sim.view.session import BENCH, TWIN, Session
from politburo_sim.view.style import DRAWN_STYLE, STYLE
from politburo_sim.view.table import table
from politburo_sim.view.toolkit import component, component_of, solara
from politburo_sim.view.twin import Pair
from politburo_sim.view.workbench import Workbench

keep_to_this_machine()
let_mesa_redraw()
#: What a page shows whose address asks for nothing; set once by whoever starts the server.
first_choice = choosing.Choice()


def draw_odds(forecast: Forecast, model: WatchedPolitburo) -> str:
    """Return the odds of a forecast, in the members' colours."""
    world = model.world
    names = world.names[: world.members]
    colours = dict(zip(names, model.watch.colours[: world.members], strict=True))
    return odds_picture(
        forecast.chances, {**colours, "nobody": NOBODY_COLOUR}, forecast.history,
        world.months, forecast.note,
    )  # fmt: skip


@component_of("panels.vue")
def Panels(
    shown: dict[str, Any], sheet: str, legends: dict[str, str],
    event_drawn: Callable[[int], None], event_pick: Callable[[str], None],
    event_again: Callable[[int], None],
) -> None:  # fmt: skip
    """All panels of a page in one message, so that a month is one frame of the browser."""


def panel(name: str, title: str, drawing: str, stale: bool = False) -> dict[str, Any]:
    """Return one panel as the browser gets it."""
    return {"name": name, "title": title, "drawn": drawing, "stale": stale}


def odds_panel(
    name: str, model: WatchedPolitburo, forecast: Forecast, title: str = "Who will rule alone?"
) -> dict[str, Any]:
    """Return the live odds; pale while they are those of another month, or of another history."""
    stale = forecast.chances is not None and not forecast.is_now(model)
    return panel(name, title, draw_odds(forecast, model), stale)


def use_odds(session: Session, model: WatchedPolitburo, forecaster: Forecaster) -> None:
    """Ask for the odds of each month that is drawn; of a fork after the answer, which has them."""
    due = session.tab.value != BENCH or not session.changes.value or session.answered()

    def ask() -> None:
        if due:
            forecaster.ask(model)

    solara.use_effect(ask, [model, model.month, due])


def use_pair(session: Session, pair: Pair) -> None:
    """Bring both histories to the present month, and ask for the odds of both.

    Whoever shows two is given them: another thread may have made one of them since.
    """
    update_counter.get()
    pair.follow()
    use_odds(session, pair.base, session.forecaster)
    use_odds(session, pair.alt, session.twin_forecaster)


def parted(pair: Pair) -> str:
    """Say in the headline when two histories have parted."""
    return f'<span class="pb-parting">{escape(pair.sentence())}</span>'


def show(session: Session, guide: Guide, arranged: str, panels: list[dict[str, Any]],
         head: str = "") -> None:  # fmt: skip
    """Send the panels, and let the next month wait until they are on the screen."""
    session.model.value.before_step = session.pace.wait
    here = guide.stop
    lit = here.panel if here else ""
    stop = f"{guide.at.value} {guide.playing.value}"
    at_rest = session.forecast.value.is_now(session.model.value)
    sent = solara.use_memo(Sent, [])
    draw = session.pace.send()
    since, told = sent.send(draw, {one["name"]: one["drawn"] for one in panels})
    panels = [{**one, "drawn": told[one["name"]]} for one in panels]
    shown = {"status": status(session) + head, "arranged": arranged, "panels": panels, "lit": lit,
             "stop": stop,
             "rest": session.link() if at_rest else "", "heard": heard(session) if at_rest else "",
             "people": people(session), "card": session.card(),
             "draw": draw, "since": since}  # fmt: skip

    def again(_draw: int) -> None:
        sent.forget()
        redraw()

    Panels(shown=shown, sheet=DRAWN_STYLE, legends=LEGENDS, event_drawn=session.pace.see,
           event_pick=session.picked.set, event_again=again)  # fmt: skip


def status(session: Session) -> str:
    """Say which world, seed and month the page shows, with the link to just this view."""
    scene, choice = session.model.value.watch.scene(), session.choice.value
    about = escape(session.model.value.world.scenario.about.changed or "")
    settings = "".join(
        f"<span>{escape(name.replace('_', ' '))} {value:g}</span>"
        for name, value in choice.settings
    )
    return (
        f'<span class="pb-date">{scene.date}</span><b title="{about}">{escape(scene.title)}</b>'
        f"<span>seed {scene.seed}</span>{settings}"
        f'<a class="pb-link" href="{escape(session.link())}">link to this view</a>'
    )


def heard(session: Session) -> str:
    """Return what those who hear the page are told when it comes to rest in a month."""
    scene = session.model.value.watch.scene()
    first = max(scene.people, key=lambda person: person.share)
    return f"{scene.date}. The strongest is {first.name}, with {percent(first.share)} of the power."


def people(session: Session) -> list[dict[str, str]]:
    """Return whose cards can be opened: of both histories where two are shown."""
    models = session.shown()
    sides = (("-one", ""), ("-two", ", second")) if len(models) > 1 else (("", ""),)
    return [
        {"key": f"table{side} {one.slot}", "name": one.name + word}
        for (side, word), model in zip(sides, models, strict=True)
        for one in model.watch.scene().people
    ]  # fmt: skip


@component
def Body(session: Session, guide: Guide) -> None:
    """The first page: one history in six panels."""
    update_counter.get()
    model = session.model.value
    use_odds(session, model, session.forecaster)
    scene: Scene = model.watch.scene()
    show(session, guide, "pb-grid", [
        panel("table", "The table", table(scene)),
        panel("map", "The map", policy_map(scene)),
        odds_panel("odds", model, session.forecast.value),
        panel("river", "The river of power", river(scene)),
        panel("roll-calls", "Roll calls", roll_calls(scene)),
        panel("chronicle", "Chronicle", chronicle(scene)),
    ])  # fmt: skip


@component
def Twin(session: Session, guide: Guide) -> None:
    """The second page: the same seed in two worlds, and when they part."""
    others = list(choosing.comparable(session.choice.value.scenario))
    if not others:
        solara.Info("No other world covers the same months as this one.")
        return
    with solara.Div(classes=["pb-second"]):
        solara.Select(
            "Second world", value=session.second_world(), values=others,
            on_value=session.choose_twin, dense=True,
        )  # fmt: skip
    pair = session.pair()
    if pair is not None:
        Pairing(session, guide, pair)


@component
def Pairing(session: Session, guide: Guide, pair: Pair) -> None:
    """Both histories, side by side."""
    use_pair(session, pair)
    parting = pair.parting
    columns = [
        side_panels(side, model, forecast, parting)
        for side, model, forecast in (
            ("one", pair.base, session.forecast.value),
            ("two", pair.alt, session.twin_forecast.value),
        )
    ]
    panels = [one for row in zip(*columns, strict=True) for one in row]
    show(session, guide, "pb-twin", panels, parted(pair))


def side_panels(
    side: str, model: WatchedPolitburo, forecast: Forecast, parting: int | None
) -> list[dict[str, Any]]:
    """Return the panels of one of two histories, from top to bottom."""
    about, scene = model.world.scenario, model.watch.scene()
    changed = escape(about.about.changed or "")
    title = f"<p><b>{escape(about.title)}</b><br><small>{changed}</small></p>"
    return [
        panel(f"world pb-world-{side}", "", drawn("<div>", [title], "</div>")),
        panel(f"river-{side}", "The river of power", river(scene, parting)),
        panel(f"table-{side}", "The table", table(scene)),
        odds_panel(f"odds-{side}", model, forecast),
        panel(f"chronicle-{side}", "Chronicle", chronicle(scene)),
    ]


@component
def Bench(session: Session, guide: Guide) -> None:
    """The third page: one history and what would have come of it, had something been changed."""
    update_counter.get()
    Workbench(session)
    pair = session.pair()
    if pair is None:
        Body(session, guide)
    else:
        Fork(session, guide, pair)


@component
def Fork(session: Session, guide: Guide, pair: Pair) -> None:
    """The history with the changes beside the one without: their rivers drawn over each other."""
    use_pair(session, pair)
    base, alt = pair.base.watch.scene(), pair.alt.watch.scene()
    both = river(alt, pair.parting, over=base, width=WIDE)
    show(session, guide, "pb-fork", [
        panel("river-both", "Both rivers of power", both),
        panel("chronicle-two", "Chronicle, changed", chronicle(alt)),
        panel("table-two", "The table, changed", table(alt)),
        odds_panel("odds-one", pair.base, session.forecast.value, "Who will rule, as it was?"),
        odds_panel("odds-two", pair.alt, session.twin_forecast.value, "Who will rule, changed?"),
    ], parted(pair))  # fmt: skip


@component
def Mesa(session: Session) -> None:
    """Mesa's page around the model: its controls, and inputs from the one parameter table."""
    SolaraViz(
        session.model, components=[], model_params=model_params(session),
        play_interval=session.interval, name=session.title,
    )  # fmt: skip


@component
def Extras(session: Session) -> None:
    """What stands in the sidebar below Mesa's controls."""
    with solara.Sidebar(), solara.Div(classes=["pb-extras"]):
        Seed(session)
        Jump(session)
        TakeHome(session, lambda: _picture(session))
        solara.HTML(tag="div", unsafe_innerHTML=help_text())


@component
def Page() -> None:
    """The whole page of one visitor."""
    router = solara.use_router()
    session = solara.use_memo(lambda: Session(router.search, first_choice), [])
    guide = solara.use_memo(lambda: Guide(session), [])
    solara.use_effect(lambda: session.leave, [])
    solara.use_effect(lambda: guide.leave, [])
    # A run that had ended is replaced: Mesa's controller learns of it by being taken away once.
    solara.use_effect(lambda: session.renewed.set(False), [session.renewed.value])
    solara.Style(STYLE)
    solara.Title(session.title)
    with solara.Div(classes=["pb-mesa"]):  # its bar and sidebar stand elsewhere on the page
        if not session.renewed.value:
            Mesa(session)
    Extras(session)
    with solara.Div(classes=["pb-problem"]):  # always there: what stands below keeps its place
        if session.problem.value:
            solara.Error(session.problem.value)
    Head(session, guide)
    with solara.v.Tabs(v_model=session.tab.value, on_v_model=session.tab.set, height=36):
        solara.v.Tab(children=["One history"])
        solara.v.Tab(children=["The twin"])
        solara.v.Tab(children=["What if?"])
    with solara.Div():
        if session.tab.value == TWIN:
            Twin(session, guide)
        elif session.tab.value == BENCH:
            Bench(session, guide)
        else:
            Body(session, guide)
    Keys(meanings=meanings())


def _picture(session: Session) -> str:
    """Return the present picture of the page, of one history or of two."""
    pair = session.pair()
    if pair is None:
        model = session.model.value
        return sheet(model.watch.scene(), draw_odds(session.forecast.value, model))
    odds = (
        draw_odds(session.forecast.value, pair.base),
        draw_odds(session.twin_forecast.value, pair.alt),
    )
    return twin_sheet(pair.base.watch.scene(), pair.alt.watch.scene(), odds, pair.parting)
