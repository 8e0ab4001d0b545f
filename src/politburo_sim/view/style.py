"""The layout of the page: everything in view at 1280 by 720, one column on a small screen."""

from __future__ import annotations

from importlib.resources import files

from politburo_sim.view.drawing import MARKS, PAGE_STYLE

_LAYOUT = files("politburo_sim.view").joinpath("style.css").read_text(encoding="utf-8")
_CARD = """
.pb-card .pb-svg{display:block;width:100%;max-width:30rem;height:auto;margin:0 0 6px;
 overflow:visible}
"""
#: The marks are for the picture on a card; the panels have theirs within.
STYLE = PAGE_STYLE + _LAYOUT + MARKS + _CARD
#: Style within a panel, which the page's own does not reach.
DRAWN_STYLE = f"""{MARKS}
div{{height:100%;color:var(--pb-ink)}}
.pb-svg{{width:100%;min-width:var(--pb-least,0);height:100%;display:block}}
.pb-told{{overflow-y:auto;font-size:.9rem;line-height:1.35}}
[data-who]{{cursor:pointer}}
p{{margin:0}}.pb-told h4{{margin:4px 0 0;font-size:1em}}.pb-told p{{margin:0 0 4px}}
.pb-policies{{margin:0 0 4px;padding-left:18px}}
@media(min-width:1700px){{.pb-told{{font-size:1.15rem}}}}
"""
