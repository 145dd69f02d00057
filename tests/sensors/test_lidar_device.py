"""The device catalogue: facts of the makers, and clear words about a wrong file."""

from __future__ import annotations

import re
from pathlib import Path

import helpers_lidar as yard
import numpy as np
import pytest

from simgen.errors import SceneError, UserError
from simgen.scenario import loads
from simgen.sensors import _lidar_device
from simgen.sensors._lidar_device import catalogue, load_device
from simgen.sensors.lidar import Lidar

CATALOGUE = (
    *("avia", "hap", "hdl-32e", "hdl-64e", "mid-360", "mid-40", "mid-70", "os0-128", "os1-128", "os2-128"),
    *("pandar128e4x", "pandar64", "planar", "raster", "vlp-16", "vlp-32c", "vls-128", "xt32"),
)


def test_the_catalogue():
    assert catalogue() == CATALOGUE


@pytest.mark.parametrize("model", catalogue())
def test_every_device_loads_and_is_consistent(model):
    device = load_device(model)
    rings = device.ring
    assert sorted(rings) == list(range(device.lasers))
    assert (np.diff(device.elevation[np.argsort(rings)]) > 0.0).all()
    assert 0.0 < device.min_range_m < device.range_10_m < device.max_range_m
    assert (np.diff(device.time_ns) >= 0.0).all()
    assert sorted(set(device.ident)) == sorted(device.ident)
    assert 1 <= device.returns <= 3
    assert device.notes.startswith(device.maker) or device.maker == "generic"


@pytest.mark.parametrize("model", sorted(set(catalogue()) - {"planar", "raster"}))
def test_every_file_names_its_sources_and_its_estimates(model):
    notes = load_device(model).notes
    assert re.search(r"(Manual|Datasheet|manual)", notes)
    assert "Estimates: " in notes or "Estimate" in notes


def test_names_are_found_in_any_case():
    assert load_device("VLP-16").name == "VLP-16"


def test_hdl_64e_has_two_blocks():
    elevation = np.sort(np.degrees(load_device("hdl-64e").elevation))
    assert elevation[0] == pytest.approx(-24.6, abs=0.1)
    assert elevation[-1] == pytest.approx(2.0, abs=0.1)
    lower, upper = elevation[:32], elevation[32:]
    assert np.diff(lower).mean() == pytest.approx(1 / 2, abs=0.02)
    assert np.diff(upper).mean() == pytest.approx(1 / 3, abs=0.02)
    assert np.diff(lower).std() > 0.05


def test_hdl_64e_fires_1_333_million_times_a_second():
    device = load_device("hdl-64e")
    assert device.lasers / device.cycle_at(10.0) * 1e9 == pytest.approx(1.333e6, rel=1e-3)
    _, together = np.unique(device.time_ns, return_counts=True)
    assert (together == 2).all()


def test_vlp_16_timing():
    device = load_device("vlp-16")
    assert 360.0 * device.cycle_at(10.0) * 1e-9 * 10.0 == pytest.approx(0.1991, abs=1e-4)
    assert device.lasers / device.cycle_at(10.0) * 1e9 == pytest.approx(289_344, rel=1e-4)
    lag_ns = np.ptp(device.time_ns)
    assert lag_ns == pytest.approx(34_560)
    assert lag_ns * 1e-9 * 3600.0 == pytest.approx(0.1244, abs=1e-4)


def test_vlp_16_interleaves_its_lasers():
    degrees = np.degrees(load_device("vlp-16").elevation)
    assert np.allclose(np.sort(degrees), np.arange(-15, 16, 2))
    assert np.allclose(degrees[:4], [-15, 1, -13, 3])


def test_os1_128_is_staggered_and_off_axis():
    device = load_device("os1-128")
    assert np.allclose(np.unique(np.degrees(device.azimuth)), [-4.21, -1.41, 1.40, 4.21])
    assert np.allclose(device.radial, 0.015806)
    assert device.columns_at(10.0) == device.columns_at(20.0) == 1024
    assert device.cycle_at(20.0) == pytest.approx(48_828.125)


def test_a_turn_holds_whole_columns_only():
    device = load_device("vlp-16")
    assert device.columns_at(10.0) == 1808
    assert device.columns_at(20.0) == 904


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(UserError, match=r"unknown lidar model 'vlp-61'; did you mean 'vlp-16'\?"):
        load_device("vlp-61")


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(UserError, match="there is no such file; the catalogue has avia, hap"):
        load_device(str(tmp_path / "mine.yaml"))


def test_a_changed_file_is_read_again(tmp_path):
    path = Path(yard.device_file(tmp_path))
    assert load_device(str(path)).pulse_ns == 20.0
    path.write_text(path.read_text().replace("pulse_ns: 20.0", "pulse_ns: 11.25"))
    assert load_device(str(path)).pulse_ns == 11.25


def test_a_users_file_is_read(tmp_path):
    device = load_device(yard.device_file(tmp_path, elevation=[-1.0, 0.0, 2.0]))
    assert device.lasers == 3
    assert not device.clockwise


# ------------------------------------------------------------------------------------ mistakes


def complaints(path: Path) -> list[str]:
    """What is wrong with a device file, without the file's name."""
    with pytest.raises(SceneError) as caught:
        load_device(str(path))
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


PATTERNS = {
    "rotating": "",
    "risley": """  type: risley
  rate_hz: [1, 50]
  cycle_us: 10
  prisms:
    - {wedge_deg: 18.0, index: 1.51, rate_hz: 100, slant: entry}
""",
    "mirrors": """  type: mirrors
  rate_hz: [1, 50]
  cycle_us: 10
  azimuth: {shape: saw, rate_hz: 100, span_deg: [-30, 30]}
  elevation: {shape: still}
""",
    "raster": """  type: raster
  rate_hz: [1, 50]
  columns: 100
  rows: 10
  hfov_deg: 60
  vfov_deg: 20
""",
}


def yard_text(folder: Path, pattern: str) -> str:
    """The yard's device file with another pattern."""
    text = Path(yard.device_file(folder)).read_text()
    if pattern == "rotating":
        return text
    lasers = "" if pattern == "raster" else text[text.index("lasers:") :]
    return text[: text.index("  type: rotating")] + PATTERNS[pattern] + lasers


def mistakes() -> list[tuple[str, str, str, list[str]]]:
    """Pattern, old text, new text and complaints of every block of device_mistakes.txt."""
    found, pattern = [], "rotating"
    for block in (Path(__file__).parent / "device_mistakes.txt").read_text().split("\n\n")[1:]:
        first, *messages = block.strip("\n").splitlines()
        if first.startswith("["):
            pattern = first.strip("[]")
            continue
        old, new = (part.replace("\\n", "\n") for part in first.split(" => "))
        found.append((pattern, old, new, [message.strip() for message in messages]))
    return found


@pytest.mark.parametrize(("pattern", "old", "new", "messages"), mistakes())
def test_a_fault_names_line_column_field_and_reason(tmp_path, pattern, old, new, messages):
    text = yard_text(tmp_path, pattern)
    assert old in text
    path = tmp_path / "broken.yaml"
    path.write_text(text)
    load_device(str(path))
    path.write_text(text.replace(old, new, 1))
    assert complaints(path) == messages


def test_all_faults_come_at_once_in_file_order(tmp_path):
    text = Path(yard.device_file(tmp_path)).read_text()
    path = tmp_path / "broken.yaml"
    for old, new in (("pulse_ns: 20.0", "pulse_ns: 0"), ("clockwise: false", "clockwise: 1"), ("columns:", "colums:")):
        text = text.replace(old, new)
    path.write_text(text)
    assert complaints(path) == [
        "5:11: pulse_ns must be more than 0 and at most 1000, not 0",
        "17:3: pattern needs either cycle_us or columns",
        "19:14: pattern.clockwise must be true or false, not 1",
        "20:3: pattern.colums is unknown; did you mean 'columns'?",
    ]


def test_a_raster_has_no_lasers_of_its_own(tmp_path):
    text = Path(yard.device_file(tmp_path)).read_text()
    path = tmp_path / "broken.yaml"
    path.write_text(text[: text.index("  type: rotating")] + PATTERNS["raster"] + text[text.index("lasers:") :])
    assert complaints(path) == ["24:3: lasers has no place in a raster, whose rows are its lasers"]


def test_a_scene_with_a_wrong_device_says_where_and_why(tmp_path):
    path = Path(yard.device_file(tmp_path))
    path.write_text(path.read_text().replace("pulse_ns: 20.0", "pulse_ns: 0"))
    with pytest.raises(SceneError) as caught:
        loads(f"simgen: 1\nworld: empty\nsensors:\n  - {{name: a, type: lidar, model: {path}}}\n", "s.yaml")
    assert str(caught.value) == (
        f"s.yaml:4:35: model {str(path)!r} cannot be used:\n"
        f"  {path}:5:11: pulse_ns must be more than 0 and at most 1000, not 0"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"model": "os1-128", "rate_hz": 5.0}, "os1-128 turns at 10 to 20 Hz, so rate_hz cannot be 5"),
        ({"model": "raster", "rate_hz": 60.0}, "raster gives frames at 1 to 50 Hz, so rate_hz cannot be 60"),
        (
            {"model": "avia", "outputs": ("range_image",)},
            "outputs: avia scans without rows and columns, so it has no range_image",
        ),
        (
            {"model": "mid-40", "returns": ("first", "last")},
            "returns: mid-40 gives at most 1 return of a firing, not 2",
        ),
        ({"model": "hap", "start_azimuth_deg": 0.0}, "start_azimuth_deg is for devices that turn, and hap does not"),
    ],
)
def test_what_a_device_cannot_do_is_refused(fields, message):
    with pytest.raises(ValueError) as caught:
        Lidar(name="a", **fields)
    assert str(caught.value) == message


@pytest.mark.parametrize("model", ["mid-70", "hap", "raster", "xt32"])
def test_a_file_with_a_line_missing_is_read_or_refused_never_worse(tmp_path, model):
    path = Path(_lidar_device.__file__).parent / "devices" / f"{model}.yaml"
    lines = path.read_text().splitlines()
    broken = tmp_path / "broken.yaml"
    refused = 0
    for k in range(len(lines)):
        broken.write_text("\n".join(lines[:k] + lines[k + 1 :]))
        try:
            load_device(str(broken))
        except SceneError:
            refused += 1
        broken.write_text("\n".join(lines[:k]))
        try:
            load_device(str(broken))
        except SceneError:
            refused += 1
    assert refused > len(lines)


def test_the_guide_shows_every_device_and_a_file_that_is_read(tmp_path):
    guide = (Path(__file__).parents[2] / "docs" / "lidar_devices.md").read_text()
    for model in catalogue():
        device = load_device(model)
        rate = device.firings_per_s(10.0)
        assert f"| `{model}` | {device.lasers}" in guide
        assert f"| {rate:,.0f} |" in guide
    (tmp_path / "mine.yaml").write_text(re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)[1])
    device = load_device(str(tmp_path / "mine.yaml"))
    assert (device.lasers, device.aperture_m, device.clockwise) == (4, 0.02, True)
    assert device.divergence_rad == pytest.approx(1e-3 * (3.0 * 1.5) ** 0.5)
