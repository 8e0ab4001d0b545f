"""What is committed names no machine, no registry, and never takes seed 0 for no seed."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

EVERYWHERE = {
    "a path of one machine": r"(?<![\w./~-])/(?:work|root|home/\w+)(?:/|\b)",
    "a package registry": r"\b(?:pypi\.org|pythonhosted\.org|index-url|find-links)\b",
    "seed 0 taken for no seed": (
        r"\b(?:if|while|and|or|not)\s+(?:\w+\.)?seed\s*(?::|$|\b(?:or|and)\b)|\bseed or\b"
    ),
}
IN_SOURCE_AND_DOCS = {"a temporary path": r"(?<![\w./~-])/tmp/"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def faults(text: str, patterns: dict[str, str]) -> list[str]:
    return [
        f"line {number}: {what}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in patterns.items()
        if re.search(pattern, line)
    ]


def patterns_for(path: Path) -> dict[str, str]:
    prose = path.relative_to(ROOT).parts[0] in {"src", "docs"}
    return EVERYWHERE | IN_SOURCE_AND_DOCS if prose else EVERYWHERE


def test_nothing_that_others_packed_is_tracked() -> None:
    """What an installer leaves in the current folder is theirs, and large."""
    packed = {".whl", ".gz", ".zip", ".egg", ".tar", ".xz", ".bz2"}
    assert not [path.name for path in tracked() if path.suffix in packed]


def test_no_tracked_file_has_a_fault() -> None:
    files = [path for path in tracked() if path.is_file() and path != Path(__file__).resolve()]
    if not files:
        pytest.skip("not a git checkout: nothing is tracked")
    found = [
        f"{path.relative_to(ROOT)}, {fault}"
        for path in files
        for fault in faults(path.read_bytes().decode("utf-8", "ignore"), patterns_for(path))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "see /work/notes.md",
        "open('/root/x')",
        "cd /home/anna/politburo",
        "--extra-index-url x",
        "https://pypi.org/simple",
        "if seed:",
        "    if not self.seed:",
        "seed = seed or 7",
        "x if seed and y else z",
    ],
)
def test_a_fault_is_seen(line: str) -> None:
    assert faults(line, EVERYWHERE)


@pytest.mark.parametrize(
    "line",
    [
        "if seed is None:",
        "framework/root/x",
        "paperwork/rooted",
        "results/work/x",
        "a seed, or a list of seeds",
        "if seeds:",
    ],
)
def test_what_is_right_passes(line: str) -> None:
    assert not faults(line, EVERYWHERE)
