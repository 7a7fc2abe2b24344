"""`make manage ARGS="..."`: Django's command line on the local portal's database, whether the portal runs or not.

python -m network.embedded.manage verify_audit
"""

from __future__ import annotations

import subprocess
import sys

from network.embedded import commands, stack
from network.embedded.claim import AlreadyRunning, Claim
from network.embedded.places import ROOT, EmbeddedError, state_dir

NOT_RUNNING = "http://127.0.0.1:8000"


def main(arguments: list[str]) -> str | int:
    """Run the command; a portal that runs lends its servers, otherwise they live as long as the command."""
    try:
        state = state_dir()
        try:
            claim = Claim(state)
        except AlreadyRunning as found:
            environment = stack.environment_of_running(state, found.address.rstrip("/") or NOT_RUNNING)
            return subprocess.run(commands.manage(*arguments), cwd=ROOT, env=environment, check=False).returncode
        started = None
        try:
            started = stack.start(state, NOT_RUNNING)
            ran = subprocess.run(commands.manage(*arguments), cwd=ROOT, env=started.environment, check=False)
            return ran.returncode
        finally:
            if started:
                started.stop()
            claim.release()
    except EmbeddedError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
