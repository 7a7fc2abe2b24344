"""Which variables the settings read, asked in a process of its own: settings can be loaded once per process."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from network.embedded.places import ROOT
from network.settings.env import Variable

ASK = """
import dataclasses, importlib, json, sys
importlib.import_module("network.settings." + sys.argv[1])
from network.settings import env
print(json.dumps([dataclasses.asdict(variable) for variable in env.VARIABLES.values()]))
"""


def variables(settings: str) -> list[Variable]:
    """The variables that `network.settings.<settings>` reads, in the order of reading."""
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", ASK, settings],
        cwd=ROOT,
        env={**clean, "SECRET_KEY": "x" * 60},
        capture_output=True,
        text=True,
        check=True,
    )
    return [Variable(**facts) for facts in json.loads(answer.stdout)]
