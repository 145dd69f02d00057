"""Radar devices: the catalogue's figures, a user's own, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers_radar import scan

from simgen.errors import UserError
from simgen.scenario import loads
from simgen.sensors._radar_device import Scan, catalogue, load_device
from simgen.sensors.radar import Radar

SCENE = """
simgen: 1
name: one
clock: {{duration_s: 0.1}}
world: {{type: empty}}
light: {{type: constant}}
sensors:
  - {{name: front, type: radar, mount: {{position_m: [0, 0, 1]}}, {more}}}
"""


def test_the_ars408_has_its_data_sheets_figures():
    far, near = load_device("ars408").figures()
    assert (far["name"], near["name"]) == ("far", "near")
    assert far["range_resolution_m"] == pytest.approx(1.79, abs=0.005)
    assert near["range_resolution_m"] == pytest.approx(0.39, abs=0.005)
    assert far["velocity_resolution_m_s"] * 3.6 == pytest.approx(0.37, abs=0.005)
    assert near["velocity_resolution_m_s"] * 3.6 == pytest.approx(0.43, abs=0.005)
    assert (far["max_range_m"], near["max_range_m"]) == (250.0, 70.0)
    assert Radar(name="r").rate_hz == 13.0


def test_every_device_loads_and_fits_into_its_cycle():
    assert set(catalogue()) >= {"ars408", "imaging-4d"}
    for name in catalogue():
        device = load_device(name)
        Radar(name="r", model=name, rate_hz=device.rate_hz)
        assert device.scans[0].rays > 1000


def test_a_scene_sets_every_figure():
    more = (
        "frequency_hz: 77e9, power_dbm: 5, noise_figure_db: 9, loss_db: 3, false_alarm_rate: 1e-5, resolved: 0.5, "
        "clutter_margin_db: 3, least_rcs_dbsm: -40, max_detections: 7, "
        "scans: [{name: only, max_range_m: 40, frame_s: 0.01}]"
    )
    radar = loads(SCENE.format(more=more), "one.yaml").sample(1).sensors[0]
    device = radar.device
    assert (device.frequency_hz, device.power_dbm, device.max_detections) == (77e9, 5.0, 7)
    assert [s.name for s in device.scans] == ["only"]
    assert device.scans[0].frame_s == 0.01


DEVICE = """
name = "mine"
rate_hz = 20.0
[[scan]]
name = "only"
max_range_m = 60.0
bandwidth_hz = 1e9
"""


def test_a_device_of_ones_own(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(DEVICE)
    device = load_device(str(path))
    assert (device.name, device.scans[0].max_range_m, device.scans[0].bandwidth_hz) == ("mine", 60.0, 1e9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("bandwidth_hz = 1e9", "bandwith_hz = 1e9"), "scan 1: bandwith_hz is unknown; did you mean 'bandwidth_hz'?"),
        (("rate_hz = 20.0", "rate_hz = -1"), "rate_hz must be more than 0, not -1"),
        (("max_range_m = 60.0", 'max_range_m = "far"'), "scan 1: max_range_m must be a number, not 'far'"),
        (
            ("max_range_m = 60.0", "max_range_m = 60.0\nmin_range_m = 50.0\nframe_s = 1e-4"),
            "scan 1: scan 'only': frame_s must hold",
        ),
        (
            ("max_range_m = 60.0", "max_range_m = 10.0\nmin_range_m = 20.0"),
            "min_range_m must be less than max_range_m (10)",
        ),
        (("[[scan]]", "[scan]"), "[[scan]] is missing"),
        (('name = "mine"', "name = mine"), "not a TOML file"),
        (
            ("max_range_m = 60.0", "azimuth_step_deg = 0.01\nelevation_step_deg = 0.01"),
            "rays are too many; widen the ray steps",
        ),
    ],
)
def test_a_wrong_device_file_is_refused_with_file_and_reason(tmp_path, change, message):
    path = tmp_path / "mine.toml"
    path.write_text(DEVICE.replace(*change))
    with pytest.raises(UserError) as caught:
        load_device(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_unknown_models_and_files():
    with pytest.raises(UserError, match="unknown radar model 'ars48'; did you mean 'ars408'"):
        load_device("ars48")
    with pytest.raises(UserError, match="there is no such file; the catalogue has ars408, imaging-4d"):
        load_device("no/such.toml")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("outputs: [rd]", "a radar has no output 'rd'; it has ideal, range_doppler, range_azimuth"),
        ("map_scan: 2", "map_scan must be less than 2, the number of scans"),
        ("rate_hz: 40", "the scans do not fit into a cycle of 40 Hz"),
        ("scans: [{name: a}, {name: a}]", "two scans have the same name"),
        ("scans: [{max_range: 5}]", "did you mean 'max_range_m'"),
        ("model: ars40", "unknown radar model 'ars40'; did you mean 'ars408'"),
    ],
)
def test_mistakes_in_a_scene_are_told_with_line_and_column(more, message):
    with pytest.raises(UserError) as caught:
        loads(SCENE.format(more=more), "one.yaml")
    assert "one.yaml:8:" in str(caught.value)
    assert message in str(caught.value)


def test_scans_are_values():
    assert replace(scan(), name="narrow") == scan()
    assert hash(Scan()) == hash(Scan())
    assert scan(frame_s=0.01) != scan()
