"""Browser and server count words alike: the rule of network.text.count_words, run in Node where there is one."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from network.text import count_words

SAMPLES = [
    "",
    "   ",
    "one two  three",
    "one\u00a0two\u2003three\u3000four",
    "dash - alone — and …",
    "بلدية عمّان الكبرى ٢٠٢٦",
    "نیم‌فاصله یک واژه است",
    "Ο δήμος, η πόλη· και «εμείς»",
    "zero\ufeffwidth",
    "line\x1cbreaks\x85of\u2028old",
    "½ ² Ⅷ 五",
    "a\u200bb",
]


def test_words_are_counted_alike_in_the_browser():
    node = shutil.which("node")
    if not node:
        pytest.skip("no Node on this machine: the counter is tried in the browser tests only")
    script = (Path(settings.BASE_DIR) / "static" / "js" / "counter.js").read_text(encoding="utf-8")
    around = (
        "globalThis.window = globalThis; globalThis.document = {documentElement: {lang: 'en'},"
        " querySelectorAll: () => [], addEventListener() {}};\n"
        f"{script}\nconsole.log(JSON.stringify({json.dumps(SAMPLES)}.map(words)));"
    )
    done = subprocess.run([node, "-e", around], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == [count_words(sample) for sample in SAMPLES]
