"""The front-end packages: locked without addresses, copied whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from network.embedded import assets
from network.embedded.places import ROOT, EmbeddedError


@pytest.fixture
def modules(tmp_path: Path) -> Path:
    """A node_modules that has every file we copy."""
    folder = tmp_path / "node_modules"
    for relative in [
        path for files in (assets.FILES, assets.PRINT_FILES) for paths in files.values() for path in paths
    ]:
        (folder / relative).parent.mkdir(parents=True, exist_ok=True)
        (folder / relative).write_bytes(b"content\n//# sourceMappingURL=away.js.map\n")
    return folder


def test_every_file_arrives_and_source_maps_are_forgotten(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    (vendor / "old").mkdir(parents=True)
    count, size = assets.copy_all(modules, vendor)
    arrived = [path for path in vendor.rglob("*") if path.is_file()]
    assert count == len(arrived) == sum(len(paths) for paths in assets.FILES.values())
    assert size == sum(path.stat().st_size for path in arrived)
    assert (vendor / "leaflet/leaflet.js").read_bytes() == b"content\n"
    assert (vendor / "leaflet/images/layers.png").is_file()
    assert not (vendor / "old").exists()


def test_a_missing_file_is_named_and_the_old_folder_stays(modules: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    assets.copy_all(modules, vendor)
    before = sorted(vendor.rglob("*"))
    (modules / assets.FILES["world"][0]).unlink()
    with pytest.raises(EmbeddedError, match=r"land-50m\.json is missing"):
        assets.copy_all(modules, vendor)
    assert sorted(vendor.rglob("*")) == before


def test_the_typefaces_of_documents_come_with_their_licence_and_are_not_served(modules: Path, tmp_path: Path) -> None:
    count, _size = assets.copy_all(modules, tmp_path / "typefaces", assets.PRINT_FILES)
    arrived = [path for path in (tmp_path / "typefaces").rglob("*") if path.is_file()]
    assert count == len(arrived)
    for folder in (tmp_path / "typefaces").iterdir():
        kinds = sorted(path.suffix for path in folder.iterdir())
        assert kinds == ["", ".ttf", ".ttf"], folder
    assert assets.TYPEFACES.parent == assets.VENDOR.parent
    assert not assets.TYPEFACES.is_relative_to(assets.VENDOR)


def test_the_lock_names_hashes_and_no_address() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: facts for name, facts in lock["packages"].items() if name}
    assert len(packages) >= 9
    assert [name for name, facts in packages.items() if not facts.get("integrity") or "resolved" in facts] == []


@pytest.mark.parametrize("lock", ["run", "local", "dev", "node"])
def test_the_python_locks_name_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.lock").read_text()
    pinned = [line for line in text.splitlines() if "==" in line]
    assert pinned
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pinned)


def test_the_locks_agree_on_versions() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / "requirements" / f"{lock}.lock").read_text()
        return {line.removesuffix(" \\") for line in text.splitlines() if "==" in line}

    assert pins("run") < pins("local") < pins("dev")
