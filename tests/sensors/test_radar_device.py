"""Radar devices: the catalogue's figures, a user's own, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers_radar import scan

from simgen.errors import SceneError, UserError
from simgen.scenario import loads
from simgen.sensors import _radar_device
from simgen.sensors._radar_device import Scan, catalogue, load_device
from simgen.sensors.radar import Radar

FOLDER = Path(str(_radar_device.__file__)).parent / "devices_radar"
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
    assert catalogue() == ("ars408", "imaging-4d")
    assert catalogue() == tuple(sorted(path.stem for path in FOLDER.iterdir()))
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


DEVICE = """\
# A radar for tests.
name: mine
rate_hz: 20.0
scans:
  - name: only
    max_range_m: 60.0
    bandwidth_hz: 1e9
  - {name: wide, azimuth_deg: 70}
"""


def mine(folder: Path, *changes: tuple[str, str]) -> Path:
    """The test's device file with changes."""
    text = DEVICE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


def complaints(path: Path) -> list[str]:
    """What is wrong with a device file, without the file's name."""
    with pytest.raises(SceneError) as caught:
        load_device(str(path))
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


def test_a_device_of_ones_own(tmp_path):
    device = load_device(str(mine(tmp_path)))
    assert (device.name, device.rate_hz, [s.name for s in device.scans]) == ("mine", 20.0, ["only", "wide"])
    assert (device.scans[0].max_range_m, device.scans[0].bandwidth_hz) == (60.0, 1e9)
    assert device.scans[1] == Scan(name="wide", azimuth_deg=70.0)


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("name: mine", "nam: mine", ["2:1: nam is unknown; did you mean 'name'?", "2:1: name is missing"]),
        ("name: mine", "name: 7", ["2:7: name must be text, not 7"]),
        ("rate_hz: 20.0", "rate_hz: -1", ["3:10: rate_hz must be more than 0, not -1"]),
        ("rate_hz: 20.0", "rate_hz: .inf", ["3:10: rate_hz must be a number, not inf"]),
        (
            "rate_hz: 20.0",
            "max_detections: 2.5",
            ["3:17: max_detections must be a whole number from 1 to 100000, not 2.5"],
        ),
        ("scans:", "scan:", ["2:1: scans is missing", "4:1: scan is unknown; did you mean 'scans'?"]),
        ("bandwidth_hz", "bandwith_hz", ["7:5: scans[0].bandwith_hz is unknown; did you mean 'bandwidth_hz'?"]),
        ("60.0", "far", ["6:18: scans[0].max_range_m must be a number, not 'far'"]),
        ("1e9", "1e5", ["7:19: scans[0].bandwidth_hz must be at least 1e+06, not 100000"]),
        ("{name: wide, azimuth_deg: 70}", "wide", ["8:5: scans[1] must be a mapping, not 'wide'"]),
        ("name: wide", "name: only", ["8:12: scans[1].name is 'only', as that of scans[0] is; give each its own"]),
        (
            "1e9",
            "1e9\n    min_range_m: 40.0\n    max_range_m: 10",
            ["9:5: duplicate key 'max_range_m' (it is already on line 6)"],
        ),
        (
            "max_range_m: 60.0",
            "max_range_m: 10\n    min_range_m: 20\n    frame_s: 1e-4",
            [
                "7:18: scans[0].min_range_m must be less than max_range_m (10), not 20",
                "8:14: scans[0].frame_s must hold at least four chirps of 3e-05 s, not 0.0001 s",
            ],
        ),
        (
            "max_range_m: 60.0",
            "azimuth_step_deg: 0.01\n    elevation_step_deg: 0.01",
            [
                "6:23: scans[0].azimuth_step_deg and elevation_step_deg make 24,000,000 rays, more than 2,000,000; "
                "widen the ray steps"
            ],
        ),
        (
            "1e9",
            "1e10\n    frame_s: 0.2",
            [
                "7:19: scans[0].bandwidth_hz makes 26,685,128 cells of range and velocity, more than 8,000,000; "
                "lower it, max_range_m or frame_s"
            ],
        ),
    ],
)
def test_a_fault_names_line_column_field_and_reason(tmp_path, old, new, messages):
    assert complaints(mine(tmp_path, (old, new))) == messages


def test_all_faults_come_at_once_in_file_order(tmp_path):
    path = mine(tmp_path, ("rate_hz", "rat_hz"), ("60.0", "0.1"), ("1e9", "1e9\n    min_range_m: 60"), ("70", "'wide'"))
    assert complaints(path) == [
        "3:1: rat_hz is unknown; did you mean 'rate_hz'?",
        "6:18: scans[0].max_range_m must be more than 1, not 0.1",
        "8:18: scans[0].min_range_m must be at most 50, not 60",
        "9:31: scans[1].azimuth_deg must be a number, not 'wide'",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: mine\nscans: []\n", "2:8: scans must be a list of mappings, not an empty list"),
        ("name: mine\nscans: {name: a}\n", "2:8: scans must be a list of mappings, not a mapping"),
        ("- name: mine\n", "1:1: a device file must be a mapping, not a list"),
        ("", "1:1: the file is empty (a device starts with its name)"),
        (
            "name: [mine\nscans: 1\n",
            "2:6: not YAML: while parsing a flow sequence: expected ',' or ']', but got ':' (is every [ and { closed?)",
        ),
    ],
)
def test_what_is_no_device_is_refused(tmp_path, text, message):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    assert complaints(path) == [message]


def test_a_scene_with_a_wrong_device_says_where_and_why(tmp_path):
    path = mine(tmp_path, ("20.0", "0"), ("70", "90"))
    with pytest.raises(SceneError) as caught:
        loads(SCENE.format(more=f"rate_hz: 5, model: {path}"), "one.yaml")
    assert str(caught.value) == (
        f"one.yaml:8:83: model {str(path)!r} cannot be used:\n"
        f"  {path}:3:10: rate_hz must be more than 0, not 0\n"
        f"  {path}:8:31: scans[1].azimuth_deg must be at most 89, not 90"
    )


@pytest.mark.parametrize("model", catalogue())
def test_a_file_with_a_line_missing_is_read_or_refused_never_worse(tmp_path, model):
    lines = (FOLDER / f"{model}.yaml").read_text().splitlines()
    broken = tmp_path / "broken.yaml"
    refused = 0
    for k in range(len(lines)):
        for kept in (lines[:k] + lines[k + 1 :], lines[:k]):
            broken.write_text("\n".join(kept))
            try:
                load_device(str(broken))
            except SceneError:
                refused += 1
    assert refused > len(lines) // 3


def test_a_changed_file_is_read_again(tmp_path):
    assert load_device(str(mine(tmp_path))).rate_hz == 20.0
    assert load_device(str(mine(tmp_path, ("20.0", "11.25")))).rate_hz == 11.25


def test_unknown_models_and_files():
    with pytest.raises(UserError, match=r"^unknown radar model 'ars48'; did you mean 'ars408'\?$"):
        load_device("ars48")
    for path in ("no/such", "such.yaml", "such.yml"):
        with pytest.raises(UserError) as caught:
            load_device(path)
        said = f"radar model {path!r}: there is no such file; the catalogue has ars408, imaging-4d"
        assert str(caught.value) == said


def test_names_are_found_in_any_case():
    assert load_device("ARS408") == load_device("ars408")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("outputs: [rd]", "a radar has no output 'rd'; it has ideal, twin, range_doppler, range_azimuth"),
        ("map_scan: 2", "map_scan must be less than 2, the number of scans"),
        ("rate_hz: 40", "the scans do not fit into a cycle of 40 Hz"),
        ("scans: [{name: a}, {name: a}]", "two scans have the same name"),
        ("scans: [{max_range: 5}]", "did you mean 'max_range_m'"),
        (
            "scans: [{max_range_m: 10, min_range_m: 20, frame_s: 1e-4}]",
            "scan 'scan': min_range_m must be less than max_range_m (10), not 20; "
            "frame_s must hold at least four chirps of 3e-05 s, not 0.0001 s",
        ),
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
