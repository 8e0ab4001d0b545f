"""The layout of the page: everything in view at 1280 by 720, one column on a small screen."""

from __future__ import annotations

from politburo_sim.view.drawing import MARKS, PAGE_STYLE

_SIDE = """
.v-navigation-drawer{min-width:286px!important;max-width:286px!important}
.theme--dark.v-navigation-drawer{background:#1e1e1e!important}
.v-navigation-drawer .v-card{margin:2px!important;box-shadow:none!important}
.v-navigation-drawer .v-card__title{padding:4px 8px;font-size:1rem}
.v-navigation-drawer .v-card__text{padding:2px 8px}
.v-navigation-drawer .v-sheet{row-gap:4px!important}
.v-navigation-drawer .v-input__slider .v-input__slot{flex-wrap:wrap;margin-bottom:0}
.v-navigation-drawer .v-input__slider .v-label{flex:0 0 100%;font-size:.85rem;height:18px}
.v-navigation-drawer .v-slider{margin:0 4px;min-height:24px}
.v-navigation-drawer .v-input--checkbox{display:none}
.pb-files{display:flex;flex-wrap:wrap;gap:4px}
.pb-files .v-btn{height:30px!important}
.pb-jump{margin:18px 0 6px!important}
.v-navigation-drawer__content>div{display:flex;flex-direction:column}
.pb-extras{order:5;padding:0 10px 16px}
.v-navigation-drawer .v-btn{text-transform:none;letter-spacing:0}
.v-navigation-drawer .v-btn.v-size--default{padding:0 7px;min-width:40px;font-size:.84rem}
.v-navigation-drawer .v-sheet>.v-sheet{gap:6px!important}
"""
_MAIN = """
.v-content__wrap>div{padding:4px 12px!important}
.solara-autorouter-content .v-sheet{row-gap:4px!important}
.pb-mesa{display:none}
.pb-problem{white-space:pre-line}
.pb-problem:empty{display:none}
.pb-status{display:flex;flex-wrap:wrap;gap:4px 18px;align-items:baseline;font-size:1rem}
.pb-status b{font-size:1.15rem}
.pb-status .pb-date{font-size:1.3rem;font-weight:700;min-width:11ch}
.pb-grid{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:8px;
 grid-template-rows:repeat(2,minmax(235px,1fr));height:calc(100vh - 202px)}
@media(min-width:960px){
 .pb-page:has(>.pb-grid){display:flex;flex-direction:column;height:calc(100vh - 169px)}
 .pb-page>.pb-grid{flex:1 0 auto;height:auto}}
.pb-panel{display:flex;flex-direction:column;min-height:0;min-width:0;
 border:1px solid var(--pb-rule);border-radius:6px;padding:4px 8px 6px;background:var(--pb-paper)}
.pb-panel header{display:flex;justify-content:space-between;position:relative}
.pb-panel h2{font-size:.95rem;margin:0;line-height:1.3;color:var(--pb-ink)}
.pb-key summary{font-size:.8rem;cursor:pointer;color:var(--pb-muted);padding:0 4px}
.pb-key p{position:absolute;right:0;top:1.5em;z-index:4;max-width:22rem;margin:0;padding:8px 12px;
 font-size:.85rem;line-height:1.4;background:var(--pb-paper);border:1px solid var(--pb-muted);
 border-radius:6px;box-shadow:0 4px 16px #0004}
.pb-lit{outline:3px solid #56B4E9;outline-offset:1px}
.pb-heard{position:absolute;left:-99rem;width:1px;height:1px;overflow:hidden}
.pb-question{display:flex;gap:16px;align-items:center;flex-wrap:wrap}
.pb-question h1{font:italic 1.25rem/1.3 Georgia,"DejaVu Serif",serif;margin:0}
.pb-stop{border-left:4px solid #0072B2;padding:4px 14px;margin:4px 0;background:var(--pb-paper);
 border-radius:4px;font-size:.98rem;line-height:1.45}
.pb-stop p{margin:0 0 6px}
@media(min-height:600px){.pb-touring{display:contents}
 .pb-touring .pb-stop{position:sticky;top:0;z-index:3;max-height:60vh;overflow-y:auto;
  box-shadow:0 2px 8px #0003}}
.pb-guide .v-btn{text-transform:none;letter-spacing:0}
.theme--dark.v-app-bar,.theme--dark .v-btn.primary{background-color:#1565c0!important}
.v-app-bar{background-color:#1565c0!important}
.pb-who{font-size:.9rem}
.pb-who select{border:1px solid var(--pb-muted);border-radius:4px;padding:2px 6px;min-width:10rem;
 max-width:16rem;
 color:var(--pb-ink);background:var(--pb-paper);appearance:auto}
.pb-who button{visibility:hidden;background:#1565c0;color:#fff;border-radius:4px;padding:2px 8px}
.pb-who .pb-chosen{visibility:visible}
.pb-card{color:var(--pb-ink);background:var(--pb-paper);border:1px solid var(--pb-muted);
 border-radius:10px;width:min(38rem,94vw);max-height:88vh;padding:14px 18px;margin:auto;
 line-height:1.4}
.pb-card::backdrop{background:#0009}
.pb-card h2{font-size:1.3rem}.pb-card h3{font-size:1rem;margin:10px 0 4px}
.pb-card p{margin:0 0 6px}.pb-card dt{font-weight:600;margin-top:4px}.pb-card dd{margin:0 0 0 14px}
.pb-card button{background:#1565c0;color:#fff;border-radius:6px;padding:6px 14px;float:right;
 position:sticky;top:0}
.pb-line{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;
 gap:2px 16px;margin-bottom:4px}
.pb-choices .v-btn{margin:0 4px 4px 0}
.pb-drawn{flex:1;min-height:0;contain:strict}
.pb-world .pb-drawn{contain:none}
.pb-panel{contain:layout style}
.pb-stale{opacity:.55}
.pb-twin{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:8px 12px}
.pb-twin .pb-panel{height:calc(50vh - 170px);min-height:235px}
.pb-twin .pb-world{border:0;height:auto;min-height:0;padding:0 8px;line-height:1.25}
.pb-world .pb-drawn{contain:none}
.pb-fork{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:8px;
 grid-template-rows:340px 290px}
.pb-fork .pb-river-both{grid-column:span 2}
.pb-bench{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:4px 24px;margin:6px 0;
 padding:6px 14px;border:1px solid var(--pb-rule);border-radius:6px;background:var(--pb-paper);
 color:var(--pb-ink);font-size:.92rem;line-height:1.4}
.pb-bench h2{font-size:1.05rem;margin:2px 0 4px}
.pb-bench p{margin:0 0 6px}.pb-bench ol{padding-bottom:8px}
.pb-bench form p{display:flex;flex-wrap:wrap;gap:4px 8px;align-items:end}
.pb-bench label{display:flex;flex-direction:column;flex:1 1 8rem;min-width:0}
.pb-bench .pb-short{flex:0 0 6.5rem}.pb-bench .pb-whole{flex-basis:100%}
.pb-bench .pb-month{flex:1 1 10rem;flex-direction:row;align-items:center;gap:8px;white-space:nowrap}
.pb-bench select,.pb-bench input{border:1px solid var(--pb-muted);border-radius:4px;
 padding:3px 6px;color:var(--pb-ink);background:var(--pb-paper);appearance:auto;width:100%;
 color-scheme:inherit}
.theme--dark .pb-bench{color-scheme:dark}
.pb-bench button,.pb-save{background:#1565c0;color:#fff!important;border-radius:6px;
 padding:4px 12px;text-decoration:none;display:inline-block}
.pb-bench button:disabled{background:none;color:var(--pb-muted)!important;
 outline:1px solid var(--pb-rule)}
.pb-bench small{flex-basis:100%;color:var(--pb-muted)}
.pb-bench code{background:none;color:inherit;font-size:.95em;padding:0;overflow-wrap:anywhere}
.pb-answer{border-left:4px solid #0072B2;padding-left:12px}
.pb-answer .pb-said{font-weight:600}
.pb-parting{font-size:1.1rem;font-weight:600;flex-basis:100%}
.pb-second{max-width:340px}
.pb-help{font-size:.8rem}.pb-help dt{font-weight:600}.pb-help dd{margin:0 0 4px}
.pb-thumb{display:none}
@media(max-width:959px){.pb-thumb{display:flex;gap:8px;position:fixed;right:10px;bottom:10px;
  z-index:4}
 .pb-thumb button{background:#1565c0;color:#fff;border-radius:22px;min-width:52px;height:44px;
  padding:0 16px;box-shadow:0 2px 8px #0006}
 .pb-page{padding-bottom:64px}
 .pb-grid,.pb-twin,.pb-fork,.pb-bench{display:block;height:auto}
 .pb-panel{height:320px;margin-bottom:8px}.pb-twin .pb-panel{height:320px}
 .pb-twin .pb-world{height:auto}
 .pb-river-both{--pb-least:620px}.pb-river-both .pb-drawn{overflow-x:auto}}
@media(min-width:1700px){.pb-panel h2{font-size:1.2rem}.pb-status{font-size:1.2rem}
 .pb-fork{grid-template-rows:max(340px,42vh) max(290px,34vh)}}
"""
_WIDE = """
@media(min-width:1700px){.pb-question h1{font-size:1.6rem}.pb-stop{font-size:1.2rem}}
"""
_CARD = """
.pb-card .pb-svg{display:block;width:100%;max-width:30rem;height:auto;margin:0 0 6px;
 overflow:visible}
"""
#: The marks are for the picture on a card; the panels have theirs within.
STYLE = PAGE_STYLE + _SIDE + _MAIN + _WIDE + MARKS + _CARD
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
