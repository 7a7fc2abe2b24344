"""One style sheet and one script a page, joined from files that people edit apart.

`BundleFinder` stands in STATICFILES_FINDERS. It joins the parts of BUNDLES into `var/bundles` whenever a part is newer,
so that `runserver`, WhiteNoise in development and `collectstatic` all serve `css/koine.css` without a build step or a
bundler. Comments and indentation are dropped; nothing else is rewritten. Bootstrap's parts go into a cascade layer,
so that our rules win without `!important`.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

OWN = [
    "css/tokens.css",
    "css/type.css",
    "css/layout.css",
    "css/frame.css",
    "css/forms.css",
    "css/lists.css",
    "css/pieces.css",
    "css/places.css",
    "css/plots.css",
    "css/reviews.css",
    "css/print.css",
]
# What is served: what it is joined from, in this order.
BUNDLES: dict[str, list[str]] = {
    "css/koine.css": ["vendor/bootstrap/bootstrap-reboot.min.css", "vendor/bootstrap/bootstrap-grid.min.css", *OWN],
    "css/koine.rtl.css": [
        "vendor/bootstrap/bootstrap-reboot.rtl.min.css",
        "vendor/bootstrap/bootstrap-grid.rtl.min.css",
        *OWN,
    ],
    "css/koine-map.css": ["vendor/leaflet/leaflet.css", "css/map.css"],
    "js/koine-map-engine.js": ["vendor/leaflet/leaflet.js", "vendor/topojson/topojson-client.min.js"],
    "js/koine.js": ["js/enhance.js", "js/deadline.js", "js/counter.js"],
}
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CHARSET = re.compile(r"^\s*@charset[^;]+;")
# Leaflet's style sheet names pictures beside itself.
NEIGHBOUR = re.compile(r"url\(images/")


def join_css(parts: list[tuple[str, str]]) -> str:
    """One style sheet of (static path, text); Bootstrap's parts in the layer `bootstrap`."""
    joined = []
    for name, text in parts:
        text = CHARSET.sub("", CSS_COMMENT.sub("", text))
        text = NEIGHBOUR.sub(f"url(../{name.rsplit('/', 1)[0]}/images/", text)
        text = "\n".join(line.strip() for line in text.splitlines() if line.strip())
        joined.append(f"@layer bootstrap{{{text}}}" if "/bootstrap/" in name else text)
    return "\n".join(joined) + "\n"


def join_js(parts: list[tuple[str, str]]) -> str:
    """One script: each part closed in a block of its own, so that their names do not meet."""
    return "".join(f"{{\n{text.strip()}\n}}\n" for _, text in parts)


class BundleFinder(finders.BaseFinder):
    """Finds the bundles, joining them first where a part has changed."""

    def __init__(self, app_names=None, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=str(Path(settings.BASE_DIR) / "var" / "bundles"))

    def check(self, **kwargs) -> list:
        """Nothing to configure, nothing to check."""
        return []

    def parts(self, name: str) -> list[tuple[str, Path]]:
        """The bundle's parts as (static path, file). FileNotFoundError names the first that is missing."""
        found = []
        for part in BUNDLES[name]:
            path = finders.find(part)
            if not path:
                raise FileNotFoundError(
                    f"{part}, a part of {name}, is missing: run `python -m network.embedded.assets`."
                )
            found.append((part, Path(path)))
        return found

    def build(self, name: str) -> Path:
        """Join the bundle where it is missing or older than a part; answer its path."""
        target = Path(self.storage.path(name))
        parts = self.parts(name)
        newest = max(path.stat().st_mtime for _, path in [*parts, ("", Path(__file__))])
        if not target.exists() or target.stat().st_mtime < newest:
            texts = [(part, path.read_text(encoding="utf-8")) for part, path in parts]
            target.parent.mkdir(parents=True, exist_ok=True)
            fresh = target.with_name(f".{target.name}.{id(self)}")
            fresh.write_text((join_css if name.endswith(".css") else join_js)(texts), encoding="utf-8")
            fresh.replace(target)
        return target

    def find(self, path, find_all=False, **kwargs):
        """The path of a bundle; nothing for other files."""
        if path not in BUNDLES:
            return []
        built = str(self.build(path))
        return [built] if find_all else built

    def list(self, ignore_patterns):
        """Every bundle with its storage, as `collectstatic` asks."""
        for name in BUNDLES:
            self.build(name)
            yield name, self.storage
