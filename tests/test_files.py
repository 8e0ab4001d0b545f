"""Files of TOML: where their keys stand, and what is not read at all."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from politburo_sim.files import toml
from politburo_sim.files.errors import ExperimentError, InputError
from politburo_sim.files.lines import KeyPath, line_of, lines_of
from politburo_sim.files.locate import KINDS, folder
from politburo_sim.files.toml import read_source, read_text

SHIPPED = [path for kind in KINDS for path in sorted(folder(kind).glob("*.toml"))]


def paths(table: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every key and index of a table, in the order of the reader."""
    pairs = table.items() if isinstance(table, dict) else enumerate(table)
    for name, inner in pairs:
        yield (*path, name)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, name))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.name)
def test_every_key_of_a_shipped_file_is_found_where_it_is_written(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines, written = lines_of(text), text.split("\n")
    assert set(lines) == set(paths(tomllib.loads(text)))
    for path, line in lines.items():
        last = [part for part in path if isinstance(part, str)][-1]
        # an element of a list of plain values may stand some lines below its key
        assert last in written[line - 1] or isinstance(path[-1], int), (path, line)


WORD = st.text("abcdefgh", min_size=1, max_size=3)
LEAF = st.sampled_from(["1", '"a # b"', "'[x]'", "[1, 2]", '"""\n[a]\nb = 1\n"""', "[\n 1, # c\n]"])


@st.composite
def document(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    """A text with tables, lists of tables and comments, and the line of each key as written."""
    lines: list[str] = []
    known: dict[KeyPath, int] = {}

    def write(text: str, *made: KeyPath) -> None:
        for path in made:
            known.setdefault(path, len(lines) + 1)
        lines.extend(text.split("\n"))

    def pairs(path: KeyPath) -> None:
        for word in draw(st.lists(WORD, unique=True, max_size=3)):
            if draw(st.booleans()):
                write(draw(st.sampled_from(["", "# a = 1", "  # [x]"])))
            if draw(st.booleans()):
                write(f"{word}.deep = 1", (*path, word), (*path, word, "deep"))
            elif draw(st.booleans()):
                inner = (*path, word)
                write(f"{word} = {{q = 1, r.s = 2}}", inner, (*inner, "q"), (*inner, "r"),
                      (*inner, "r", "s"))  # fmt: skip
            else:
                write(f"  {word} = {draw(LEAF)}", (*path, word))

    pairs(())
    for number, count in enumerate(draw(st.lists(st.integers(0, 3), max_size=4))):
        name = f"t{number}"
        if count == 0:
            write(f"[{name}.in]", (name,), (name, "in"))
            pairs((name, "in"))
        for index in range(count):
            write(f"[[{name}]]", (name,), (name, index))
            pairs((name, index))
    return "\n".join(lines), known


@settings(deadline=None, max_examples=150)
@given(document())
def test_keys_of_a_text_are_found_where_they_were_put(made: tuple[str, dict[KeyPath, int]]) -> None:
    text, known = made
    found = lines_of(text)
    assert {path: found.get(path) for path in known} == known


def test_a_list_of_tables_that_goes_on_further_down_goes_on_counting() -> None:
    text = "[[a.b]]\nc = 1\n[a.d]\ne = 1\n[z]\n[[a.b]]\nf = 1"
    assert line_of(text, ("a", "b", 1)) == 6
    assert line_of(text, ("a", "b", 1, "f")) == 7


def save(folder: Path, raw: str | bytes) -> Path:
    (folder / "x.toml").write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return folder / "x.toml"


@pytest.mark.parametrize(
    "text",
    ["a" + ".a" * 20_000 + " = 1", "[" + "a." * 20_000 + "a]",
     "x = {b = 1, " + "b." * 30 + "c = 2}", "a = " + "[" * 3000 + "]" * 3000],
    ids=["a key", "a table", "a key inside", "brackets"],
)  # fmt: skip
def test_what_is_nested_too_deeply_is_refused_before_it_costs_memory(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "[[[" not in text:
        monkeypatch.setattr(tomllib, "loads", lambda text: pytest.fail("it was read"))
    with pytest.raises(ExperimentError, match="nested too deeply"):
        read_source(save(tmp_path, text), ExperimentError)


def test_dots_in_words_are_no_depth(tmp_path: Path) -> None:
    words = ".".join("abcdefghijklmnopqrst")
    assert read_source(save(tmp_path, f'x = ["{words}", {{y = "{words}"}}]')).table["x"][0] == words


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/tty", "/proc/kmsg", "/proc/self/environ"])
def test_what_the_system_makes_up_as_it_is_read_is_not_read(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path(name).exists():
        pytest.skip("this system has no such thing")
    monkeypatch.setattr(toml, "_at_most", lambda file, size: pytest.fail("it was read"))
    with pytest.raises(InputError, match=r"not a plain file|is empty"):
        read_source(Path(name))


def test_a_file_that_grows_is_read_to_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = save(tmp_path, "a = 1\n" * 100)
    monkeypatch.setattr(toml, "LARGEST_FILE", 599)
    with pytest.raises(InputError, match="too large"):
        read_text(file, InputError)
