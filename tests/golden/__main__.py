"""Tell the golden chronicles anew: `python -m tests.golden`.

Each file is a whole history, called after its world and seed; a new one is an empty file of such a
name. Read what has changed as a historian would before it is committed.
"""

from pathlib import Path

from politburo_sim import Politburo

FOLDER = Path(__file__).parent


def told(path: Path) -> str:
    """Return the chronicle that a file should hold."""
    world, _, seed = path.stem.rpartition("-")
    return Politburo(world, int(seed)).run().record.prose()


if __name__ == "__main__":
    for path in sorted(FOLDER.glob("*.txt")):
        path.write_text(told(path), encoding="utf-8")
        print(path.relative_to(Path.cwd()))
