"""What ``import simgen`` promises is there, sorted, and costs nothing until used."""

import subprocess
import sys

import simgen


def test_all_is_sorted_and_importable() -> None:
    assert list(simgen.__all__) == sorted(simgen.__all__)
    for name in simgen.__all__:
        assert getattr(simgen, name) is not None


def test_import_is_light() -> None:
    heavy = "numba open3d pybullet h5py cv2 pandas pvlib scipy numpy"
    code = f"import sys, simgen, simgen.cli; print([m for m in '{heavy}'.split() if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"
