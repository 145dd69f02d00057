"""An IMU's device file: the catalogue, a user's own, and what is refused."""

from pathlib import Path

import pytest

from simgen.errors import SceneError, UserError
from simgen.scenario import loads
from simgen.sensors import _imu_device
from simgen.sensors._imu_device import catalogue, load_imu
from simgen.sensors.imu import Imu

FOLDER = Path(str(_imu_device.__file__)).parent / "devices_imu"
GOOD = (FOLDER / "bmi160.yaml").read_text()


def mine(folder: Path, *changes: tuple[str, str]) -> Path:
    """The BMI160's file with changes."""
    text = GOOD
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "mine.yaml"
    path.write_text(text)
    return path


def complaints(path: Path) -> list[str]:
    """What is wrong with a device file, without the file's name."""
    with pytest.raises(SceneError) as caught:
        load_imu(str(path))
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return [str(fault).removeprefix(f"{path}:") for fault in caught.value.faults]


def test_the_catalogue_is_its_folder() -> None:
    assert catalogue() == tuple(sorted(path.stem for path in FOLDER.iterdir()))
    assert load_imu("BMI160").name == "BMI160"


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        ("name: BMI160", "", ["5:1: name is missing"]),
        ("name: BMI160", "name: 160", ["4:7: name must be text, not 160"]),
        ("bandwidth_hz: 80.0", "bandwidth_hz: 0", ["5:15: bandwidth_hz must be more than 0, not 0"]),
        (
            "bandwidth_hz: 80.0",
            "bandwith_hz: 80.0",
            ["4:1: bandwidth_hz is missing", "5:1: bandwith_hz is unknown; did you mean 'bandwidth_hz'?"],
        ),
        ("noise_density: 8.0e-5", "noise_density: -1", ["8:18: gyro.noise_density must be at least 0, not -1"]),
        (
            "random_walk: 2.2e-6",
            "random_wlk: 2.2e-6",
            ["8:3: gyro.random_walk is missing", "9:3: gyro.random_wlk is unknown; did you mean 'random_walk'?"],
        ),
        ("scale_factor: 0.01", "", ["17:3: accel.scale_factor is missing"]),
        ("range: 156.9", "range: 16 g", ["22:10: accel.range must be a number, not '16 g'"]),
        ("range: 156.9", "range: 0", ["22:10: accel.range must be more than 0, not 0"]),
        (
            "accel:",
            "accelerometer:",
            [
                "4:1: accel is missing",
                "16:1: accelerometer is unknown; known: accel, bandwidth_hz, gyro, name",
            ],
        ),
        (
            "gyro:",
            "gyro: 1\nrest:",
            ["7:7: gyro must be a mapping, not 1", "8:1: rest is unknown; known: accel, bandwidth_hz, gyro, name"],
        ),
        (
            "gyro:",
            "gyro",
            ["8:3: not YAML: while scanning a simple key: could not find expected ':'"],
        ),
    ],
)
def test_a_fault_names_line_column_field_and_reason(tmp_path: Path, old: str, new: str, messages: list[str]) -> None:
    assert complaints(mine(tmp_path, (old, new))) == messages


def test_all_faults_come_at_once_in_file_order(tmp_path: Path) -> None:
    path = mine(tmp_path, ("80.0", "fast"), ("8.0e-5", "-1"), ("scale_factor: 0.01", "scale_factor: 1"))
    assert complaints(path) == [
        "5:15: bandwidth_hz must be a number, not 'fast'",
        "8:18: gyro.noise_density must be at least 0, not -1",
        "20:17: accel.scale_factor must be at most 0.5, not 1",
    ]


def test_a_scene_with_a_wrong_device_says_where_and_why(tmp_path: Path) -> None:
    path = mine(tmp_path, ("80.0", "0"))
    with pytest.raises(SceneError) as caught:
        loads(f"simgen: 1\nworld: empty\nsensors:\n  - {{name: a, type: imu, model: {path}}}\n", "s.yaml")
    assert str(caught.value) == (
        f"s.yaml:4:33: model {str(path)!r} cannot be used:\n  {path}:5:15: bandwidth_hz must be more than 0, not 0"
    )


def test_a_users_file_is_a_model_and_read_again_when_it_changes(tmp_path: Path) -> None:
    imu = Imu(name="imu", model=str(mine(tmp_path, ("name: BMI160", "name: mine"))))
    assert imu.device.name == "mine"
    mine(tmp_path, ("name: BMI160", "name: changed"))
    assert imu.device.name == "changed"


def test_a_missing_file_says_so() -> None:
    for path in ("no/such", "none.yaml", "none.yml"):
        with pytest.raises(UserError) as caught:
            load_imu(path)
        said = f"imu model {path!r}: there is no such file; the catalogue has adis16448, bmi160, hg4930"
        assert str(caught.value) == said
