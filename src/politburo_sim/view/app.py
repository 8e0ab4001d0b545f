"""The page: Mesa's SolaraViz around the model, with panels of inline SVG.

`politburo-sim view` starts it; `solara run politburo_sim.view.app` works too. Every visitor has
a session, and so a model, of his own.
"""

from __future__ import annotations

from html import escape
from typing import Any

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from politburo_sim.view import choice as choosing
from politburo_sim.view.choice import WatchedPolitburo
from politburo_sim.view.chronicle import chronicle
from politburo_sim.view.controls import Jump, Keys, TakeHome, help_text, meanings, model_params
from politburo_sim.view.drawing import NOBODY_COLOUR
from politburo_sim.view.export import sheet
from politburo_sim.view.forecast import Forecast
from politburo_sim.view.map import policy_map
from politburo_sim.view.odds import odds_picture
from politburo_sim.view.offline import keep_to_this_machine
from politburo_sim.view.river import river
from politburo_sim.view.roll_calls import roll_calls
from politburo_sim.view.scene import Scene
from politburo_sim.view.session import Session
from politburo_sim.view.style import STYLE
from politburo_sim.view.table import table
from politburo_sim.view.twin import NOT_YET

keep_to_this_machine()
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


@solara.component  # type: ignore[untyped-decorator]
def Panel(name: str, title: str, drawn: str, stale: bool = False) -> None:
    """One panel under its heading."""
    with solara.Div(classes=["pb-panel", f"pb-{name}", *(["pb-stale"] if stale else [])]):
        solara.HTML(tag="h3", unsafe_innerHTML=title)
        solara.HTML(tag="div", unsafe_innerHTML=drawn, classes=["pb-drawn"])


@solara.component  # type: ignore[untyped-decorator]
def Odds(session: Session, name: str, model: Any, forecaster: Any, forecast: Any) -> None:
    """Live odds of one history: asked for at each draw, drawn when they are there."""
    update_counter.get()
    solara.use_effect(lambda: forecaster.ask(model, session.rest()), [model, model.month])
    shown = forecast.value
    Panel(name, "Live odds of sole rule", draw_odds(shown, model),
          stale=shown.chances is not None and shown.month != model.month)  # fmt: skip


@solara.component  # type: ignore[untyped-decorator]
def Status(session: Session) -> None:
    """Which world, seed and month the page shows, and the link to just this view."""
    update_counter.get()
    scene, choice = session.model.value.watch.scene(), session.choice.value
    about = escape(session.model.value.world.scenario.about.changed)
    settings = "".join(
        f"<span>{escape(name.replace('_', ' '))} {value:g}</span>"
        for name, value in choice.settings
    )
    solara.HTML(
        tag="div", classes=["pb-status"], attributes={"role": "status", "aria-live": "off"},
        unsafe_innerHTML=(
            f'<span class="pb-date">{scene.date}</span><b title="{about}">{escape(scene.title)}</b>'
            f"<span>{escape(scene.world)}</span><span>seed {scene.seed}</span>{settings}"
            f'<a class="pb-link" href="{escape(session.link())}">link to this view</a>'
        ),
    )  # fmt: skip


@solara.component  # type: ignore[untyped-decorator]
def Body(session: Session) -> None:
    """The first page: one history in six panels."""
    update_counter.get()
    model = session.model.value
    scene: Scene = model.watch.scene()
    with solara.Div(classes=["pb-grid"]):
        Panel("table", "The table", table(scene))
        Panel("map", "The map", policy_map(scene))
        Odds(session, "odds", model, session.forecaster, session.forecast)
        Panel("river", "The river of power", river(scene))
        Panel("roll-calls", "Roll calls", roll_calls(scene))
        Panel("chronicle", "Chronicle", chronicle(scene))


@solara.component  # type: ignore[untyped-decorator]
def Twin(session: Session) -> None:
    """The second page: the same seed in two worlds, and when they part."""
    update_counter.get()
    pair = session.pair()
    if pair is None:
        solara.Info("No other world covers the same months as this one.")
        return
    others = list(choosing.comparable(session.choice.value.scenario))
    with solara.Row():
        solara.Select("Second world", others, session.second_world(), session.choose_twin)
    solara.HTML(tag="div", classes=["pb-parting"], unsafe_innerHTML=escape(pair.sentence()))
    parting = None if pair.parting == NOT_YET else pair.parting
    sides = (
        ("one", pair.base, session.forecaster, session.forecast),
        ("two", pair.alt, session.twin_forecaster, session.twin_forecast),
    )
    with solara.Div(classes=["pb-twin"]):
        for _, model, _, _ in sides:
            about = model.world.scenario
            solara.HTML(tag="div", classes=["pb-world"], unsafe_innerHTML=(
                f"<b>{escape(about.title)}</b><br><small>{escape(about.about.changed)}</small>"
            ))  # fmt: skip
        for side, model, _, _ in sides:
            Panel(f"river-{side}", "The river of power", river(model.watch.scene(), parting))
        for side, model, _, _ in sides:
            Panel(f"table-{side}", "The table", table(model.watch.scene()))
        for side, model, forecaster, forecast in sides:
            Odds(session, f"odds-{side}", model, forecaster, forecast)
        for side, model, _, _ in sides:
            Panel(f"chronicle-{side}", "Chronicle", chronicle(model.watch.scene()))


@solara.component  # type: ignore[untyped-decorator]
def Extras(session: Session) -> None:
    """What stands in the sidebar below Mesa's controls."""
    with solara.Sidebar(), solara.Div(classes=["pb-extras"]):
        Jump(session)
        TakeHome(session, lambda: _picture(session))
        solara.HTML(tag="div", unsafe_innerHTML=help_text())
        Keys(meanings=meanings())


@solara.component  # type: ignore[untyped-decorator]
def Page() -> None:
    """The whole page of one visitor."""
    router = solara.use_router()
    session = solara.use_memo(lambda: Session(router.search, first_choice), [])
    solara.Style(STYLE)
    solara.Title("Politburo")
    SolaraViz(
        session.model, components=[], model_params=model_params(session),
        play_interval=session.interval, name="Politburo",
    ).key(f"mesa-{session.generation.value}")  # fmt: skip
    Extras(session)
    if session.problem.value:
        solara.Error(session.problem.value)
    Status(session)
    with solara.v.Tabs(v_model=session.tab.value, on_v_model=session.tab.set, height=36):
        solara.v.Tab(children=["One history"])
        solara.v.Tab(children=["The twin"])
    if session.tab.value == 1:
        Twin(session)
    else:
        Body(session)


def _picture(session: Session) -> str:
    model = session.model.value
    return sheet(model.watch.scene(), draw_odds(session.forecast.value, model))
