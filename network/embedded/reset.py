"""`make reset`: remove what the local portal keeps, after asking.

python -m network.embedded.reset [--yes]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from network.embedded.claim import MARK, AlreadyRunning, Claim
from network.embedded.places import EmbeddedError, state_dir_if_any


def wipe(state: Path) -> None:
    """Empty the state directory. Touches only a folder that carries Koine's mark, and never while a portal runs on it."""
    if not (state / MARK).exists():
        raise EmbeddedError(f"{state} is not a state directory of Koine; nothing was removed.")
    claim = Claim(state)
    try:
        for path in state.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name != MARK:
                path.unlink()
    finally:
        claim.release()


def main(arguments: list[str]) -> str | int:
    """The command line; answers what sys.exit should get."""
    parser = argparse.ArgumentParser(prog="python -m network.embedded.reset")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    agreed = parser.parse_args(arguments).yes
    try:
        state = state_dir_if_any()
        if state is None:
            print("There is no local data to remove.")
            return 0
        if not agreed:
            print(f"This removes the local portal's database, uploads and mail in {state}.")
            try:
                agreed = input("Type yes to go on: ").strip().lower() == "yes"
            except EOFError:
                agreed = False
        if not agreed:
            print("Nothing was removed.")
            return 0
        wipe(state)
    except AlreadyRunning as found:
        return f"{found} Stop it first."
    except EmbeddedError as error:
        return str(error)
    print("Removed. The next `make run` starts anew.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
