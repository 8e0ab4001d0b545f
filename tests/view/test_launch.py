"""What the server does before it serves."""

import ctypes
from types import SimpleNamespace

import pytest

from politburo_sim.view import launch


def test_threads_share_two_arenas_of_glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    library = SimpleNamespace(mallopt=lambda name, value: asked.append((name, value)))
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    launch._few_arenas()
    assert asked == [(-8, 2)]


@pytest.mark.parametrize("library", [SimpleNamespace(), None])
def test_another_library_is_left_alone(monkeypatch: pytest.MonkeyPatch, library: object) -> None:
    def load(name: object) -> object:
        if library is None:
            raise OSError("no such library")
        return library

    monkeypatch.setattr(ctypes, "CDLL", load)
    launch._few_arenas()
