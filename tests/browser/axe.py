"""The axe-core checker, injected into a page; loudly skipped where it is not installed."""

import os
import sys
from importlib.resources import files
from importlib.util import find_spec

import pytest

NO_AXE = "axe-playwright-python is not installed: the page was NOT checked for access"
#: What axe calls a finding that shuts somebody out.
GRAVE = ("serious", "critical")


def findings(page) -> list[str]:
    """The grave findings of axe-core on a page as it stands, one line each."""
    if find_spec("axe_playwright_python") is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(NO_AXE)
        print(f"\n{NO_AXE}", file=sys.__stderr__)
        pytest.skip(NO_AXE)
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    page.add_style_tag(content="*, *::before, *::after { transition: none !important; }")
    page.wait_for_timeout(500)  # colours that are fading are no colours of the page
    page.evaluate(script)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]} {node.get('failureSummary', '')}"
        for one in found["violations"] if one["impact"] in GRAVE for node in one["nodes"]
    ]  # fmt: skip
