"""What every registered plugin keeps: frozen, hashable, documented, with defaults that hold."""

import dataclasses
import importlib
import sys
from pathlib import Path

import pytest

from simgen import registry

ALL = [(kind, name) for kind in registry.KINDS for name in registry.names(kind)]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_frozen_keyword_only_and_documented(kind: str, name: str) -> None:
    cls = registry.get(kind, name)
    assert dataclasses.is_dataclass(cls)
    assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert all(f.kw_only for f in dataclasses.fields(cls))
    assert cls.__doc__
    assert not cls.__doc__.startswith(f"{cls.__name__}(")
    assert (cls.plugin_kind, cls.plugin_name) == (kind, name)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_parameter_says_what_it_is(kind: str, name: str) -> None:
    for f in dataclasses.fields(registry.get(kind, name)):
        assert f.metadata.get("doc"), f"{kind}/{name}.{f.name} has no doc"


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_defaults_are_in_range_and_hashable(kind: str, name: str) -> None:
    cls = registry.get(kind, name)
    required = [f for f in dataclasses.fields(cls) if f.default is f.default_factory is dataclasses.MISSING]
    for f in dataclasses.fields(cls):
        if isinstance(f.default, (int, float)) and not isinstance(f.default, bool):
            assert registry.check_range(f.name, f.default, f.metadata) is None
    if not required:
        assert hash(cls()) == hash(cls())
        assert cls() == cls()


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_one_plugin_one_file(kind: str, name: str) -> None:
    module = sys.modules[registry.get(kind, name).__module__]
    inside = [n for k, n in ALL if k == kind and registry.get(k, n).__module__ == module.__name__]
    assert inside == [name], f"{module.__name__} holds {inside}"


def test_plugin_files_import_nothing_heavy() -> None:
    import subprocess

    heavy = "numba open3d pybullet h5py cv2 pandas pvlib"
    code = (
        "import sys\nfrom simgen import registry\n"
        "[registry.names(kind) for kind in registry.KINDS]\n"
        f"print([m for m in '{heavy}'.split() if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_every_plugin_package_has_a_contract() -> None:
    for package in registry.KINDS.values():
        assert importlib.import_module(package).__doc__
        if package != "simgen.formats":
            assert (Path(str(importlib.import_module(package).__file__)).parent / "base.py").exists()
