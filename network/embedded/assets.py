"""Copy what we need of the front-end packages out of node_modules. No build, no bundler.

    python -m network.embedded.assets

What is served goes into var/vendor, where templates name it `{% static "vendor/<folder>/<file>" %}`. The typefaces of
PDFs go into var/typefaces: they are read by the typesetter and served to nobody.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from network.embedded.places import ROOT, EmbeddedError

VENDOR = ROOT / "var" / "vendor"
TYPEFACES = ROOT / "var" / "typefaces"

# Folder under var/vendor: paths under node_modules. Images keep their folder, because the style sheet names it.
FILES: dict[str, list[str]] = {
    "bootstrap": [
        "bootstrap/dist/css/bootstrap-reboot.min.css",
        "bootstrap/dist/css/bootstrap-reboot.rtl.min.css",
        "bootstrap/dist/css/bootstrap-grid.min.css",
        "bootstrap/dist/css/bootstrap-grid.rtl.min.css",
    ],
    "fonts": [
        *(
            f"@fontsource-variable/noto-sans/files/noto-sans-{subset}-wght-normal.woff2"
            for subset in ("latin", "greek")
        ),
        # The Arabic face's Latin serves European letters beyond Latin-1: 17 kB instead of 168 kB.
        "@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-latin-ext-wght-normal.woff2",
        "@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2",
        "@fontsource-variable/noto-naskh-arabic/files/noto-naskh-arabic-arabic-wght-normal.woff2",
    ],
    "leaflet": [
        "leaflet/dist/leaflet.css",
        "leaflet/dist/leaflet.js",
        "leaflet/dist/images/layers.png",
        "leaflet/dist/images/layers-2x.png",
        "leaflet/dist/images/marker-icon.png",
    ],
    "topojson": ["topojson-client/dist/topojson-client.min.js"],
    # Land without borders: none is drawn, so none is disputed.
    "world": ["world-atlas/land-50m.json", "world-atlas/land-110m.json"],
}
# The same faces for PDFs, as whole TTFs with their licence. Folder under var/typefaces: paths under node_modules.
PRINT_FILES: dict[str, list[str]] = {
    "noto-sans": [
        "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
        "@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf",
        "@expo-google-fonts/noto-sans/LICENSE_FONT",
    ],
    "noto-sans-arabic": [
        "@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
        "@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf",
        "@expo-google-fonts/noto-sans-arabic/LICENSE_FONT",
    ],
    "noto-naskh-arabic": [
        "@expo-google-fonts/noto-naskh-arabic/400Regular/NotoNaskhArabic_400Regular.ttf",
        "@expo-google-fonts/noto-naskh-arabic/700Bold/NotoNaskhArabic_700Bold.ttf",
        "@expo-google-fonts/noto-naskh-arabic/LICENSE_FONT",
    ],
}

SOURCE_MAP = re.compile(rb"(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*?\*/)\s*$")


def copy(source: Path, target: Path) -> int:
    """Copy one file and answer its size. The note about a source map goes: Django's manifest storage would look for it."""
    content = source.read_bytes()
    if target.suffix in {".js", ".css"}:
        content = SOURCE_MAP.sub(b"", content)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return len(content)


def copy_all(
    modules: Path = ROOT / "node_modules",
    target: Path = VENDOR,
    files: dict[str, list[str]] = FILES,
) -> tuple[int, int]:
    """Make `target` hold exactly those files; answer (number of files, bytes).

    The old folder is replaced in one move, so that a portal that runs never sees half of it. EmbeddedError names the
    first file that is missing, and then nothing has changed.
    """
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    count = size = 0
    for folder, sources in files.items():
        for relative in sources:
            source = modules / relative
            if not source.is_file():
                raise EmbeddedError(f"{source} is missing: run `npm ci`.")
            name = f"images/{source.name}" if "/images/" in relative else source.name
            size += copy(source, fresh / folder / name)
            count += 1
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return count, size


def main() -> str | int:
    """The command line; answers what sys.exit should get."""
    try:
        count, size = copy_all()
        faces, weight = copy_all(target=TYPEFACES, files=PRINT_FILES)
    except EmbeddedError as error:
        return str(error)
    print(f"front end: {count} files, {size / 1e6:.1f} MB; typefaces of PDFs: {faces} files, {weight / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
