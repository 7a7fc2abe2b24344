"""The house's own code is compiled once, and again where it has changed."""

from __future__ import annotations

import os
import subprocess
import sys

from network.embedded import bytecode


def test_what_changed_is_compiled_and_what_cannot_be_is_told(tmp_path):
    for package in bytecode.PACKAGES:
        (tmp_path / package).mkdir()
    source = tmp_path / "network" / "rules.py"
    source.write_text("def answer():\n    return 1\n")
    assert bytecode.compile_all(tmp_path) is True
    (compiled,) = source.parent.glob("__pycache__/rules.*.pyc")
    first = compiled.read_bytes()
    assert bytecode.compile_all(tmp_path) is True
    assert compiled.read_bytes() == first

    source.write_text("def answer():\n    return 41 + 1\n")
    os.utime(source, (1, 1))
    assert bytecode.compile_all(tmp_path) is True
    said = subprocess.run(
        [sys.executable, "-c", "import rules; print(rules.answer(), rules.__cached__)"],
        cwd=source.parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert said.startswith("42 ")

    source.write_text("def answer(:\n")
    assert bytecode.compile_all(tmp_path) is False
