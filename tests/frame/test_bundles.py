"""Style sheets and scripts are joined when a part changes, and never half."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from network.frame.bundles import BUNDLES, BundleFinder, join_css, join_js


def test_every_bundle_is_found_and_holds_its_parts():
    for name, parts in BUNDLES.items():
        text = Path(finders.find(name)).read_text(encoding="utf-8")
        assert len(text) > 1000, name
        for part in parts:
            assert Path(finders.find(part)).is_file(), part
        assert not name.endswith(".css") or "/*" not in text


def test_bootstrap_stands_in_a_layer_and_its_charset_goes():
    joined = join_css(
        [("vendor/bootstrap/x.css", '@charset "UTF-8";a{b:c}/* note */'), ("css/own.css", "d {\n  e: f;\n}\n")]
    )
    assert joined == "@layer bootstrap{a{b:c}}\nd {\ne: f;\n}\n"


def test_pictures_of_a_package_are_still_found_beside_it():
    assert (
        join_css([("vendor/leaflet/leaflet.css", "a{b:url(images/x.png)}")])
        == "a{b:url(../vendor/leaflet/images/x.png)}\n"
    )


def test_scripts_are_closed_from_one_another():
    assert join_js([("a.js", "const x = 1;\n"), ("b.js", "const x = 2;")]) == "{\nconst x = 1;\n}\n{\nconst x = 2;\n}\n"


def test_a_changed_part_is_joined_again(tmp_path, monkeypatch):
    part = tmp_path / "part.js"
    part.write_text("one")
    finder = BundleFinder()
    finder.storage.location  # noqa: B018 - the cached property is set before it is replaced
    monkeypatch.setitem(finder.storage.__dict__, "location", str(tmp_path / "out"))
    monkeypatch.setattr(finder, "parts", lambda name: [("part.js", part)])
    built = finder.build("js/koine.js")
    assert "one" in built.read_text()
    part.write_text("two")
    later = built.stat().st_mtime + 5
    os.utime(part, (later, later))
    assert "two" in finder.build("js/koine.js").read_text()


def test_a_missing_part_is_named(monkeypatch):
    monkeypatch.setitem(BUNDLES, "js/koine.js", ["js/never.js"])
    with pytest.raises(FileNotFoundError, match=r"js/never\.js"):
        BundleFinder().build("js/koine.js")
