"""What a kind of experiment has of its own in a report: a module of the kind's name, if any.

`draw(results, figures)` gives a first sentence and figures to stand before the effects;
`report(results, command)` a page in their place. `report.experiments` finds them by the name.
"""
