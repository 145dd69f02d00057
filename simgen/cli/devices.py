"""``simgen list camera`` and ``simgen describe camera NAME``, and the same for lidars: devices that are data.

``simgen list lidar`` and ``simgen describe lidar NAME``: the devices of the catalogue, and a user's own.
"""

from __future__ import annotations

import json
import textwrap
from typing import Any, Final

from simgen.cli.wording import counted

#: how one asks for lidar devices, which are data and no plugins
WORDS: Final = ("lidar", "lidars", "lidar-device", "lidar-devices", "lidar_device", "lidar_devices")
#: how one asks for named cameras
CAMERA_WORDS: Final = ("camera", "cameras", "camera-model", "camera-models", "camera_model", "camera_models")
#: what else moves a beam, by type of pattern
_MOVED: Final = {"risley": ", before the prisms", "mirrors": ", added to the mirrors' angles"}


def device_list() -> dict[str, str]:
    """Every device with one line about it."""
    from simgen.sensors._lidar_describe import device_rows

    return device_rows()


def describe_device(name: str, *, as_json: bool) -> str:
    """The page of a device: its facts, its beam table and its source."""
    from simgen.sensors._lidar_describe import device_facts
    from simgen.sensors._lidar_device import load_device

    facts = device_facts(load_device(name))
    return json.dumps(facts, indent=2) if as_json else page(facts)


def camera_list() -> dict[str, str]:
    """Every named camera with one line about it."""
    from simgen.scenario.cameras.describe import camera_facts, camera_names

    return {name: camera_facts(name)["about"] for name in camera_names()}


def describe_camera(name: str, *, as_json: bool) -> str:
    """The page of a named camera: its values, as a scene would write them, and their source."""
    from simgen.scenario.cameras.describe import camera_facts
    from simgen.scenario.write import flow

    facts = camera_facts(name)
    if as_json:
        return json.dumps(facts, indent=2)
    rows = [f"  {key}: {flow(value)}" for key, value in facts["camera"].items()]
    words = [*textwrap.wrap(facts["about"], 100), "", "Values:", "", *rows, ""]
    source = textwrap.wrap(f"Source: {facts['source']}", 100) if facts["source"] else []
    use = f"A scene uses it by '- {{name: front, type: camera, model: {name}}}'; what it says besides comes first."
    return "\n".join([f"camera {name}", "", *words, *source, "", use])


def page(facts: dict[str, Any]) -> str:
    """A device as plain text."""
    view, ranges, light = facts["field_of_view"], facts["range_m"], facts["reflectance"]
    step = f", {facts['azimuth_step_deg']:g} deg apart" if "azimuth_step_deg" in facts else ""
    rows = {
        "pattern": _pattern(facts["pattern"]),
        "rate": f"{_span(facts['rate_hz'])} Hz",
        "firings": f"{facts['firings_per_s']:,} a second by {counted(facts['lasers'], 'laser')}",
        "columns": f"{facts['columns']:,} a frame, one every {facts['column_us']:g} us{step}",
        "field of view": f"{_span(view['azimuth_deg'])} deg across, {_span(view['elevation_deg'])} deg up",
        "range": f"{ranges['min']:g} to {ranges['max']:g} m; a wall of 10 / 50 / 80 % to {ranges['at_10_percent']:g} /"
        f" {ranges['at_50_percent']:g} / {ranges['at_80_percent']:g} m with {facts['probability_there']:.0%} detection",
        "range errors": f"+-{facts['accuracy_m']:g} m (95 %), in steps of {facts['resolution_m']:g} m",
        "light": f"{facts['wavelength_nm']:g} nm, {facts['pulse_ns']:g} ns pulses (half maximum)",
        "divergence": " x ".join(f"{d:g}" for d in facts["divergence_mrad"])
        + " mrad, horizontal x vertical (full angle at 1/e2)",
        "receiver": f"sees the beam from {_span(facts['overlap_m'])} m; lens {facts['aperture_mm']:g} mm, filter"
        f" {facts['bandwidth_nm']:g} nm",
        "returns": "; ".join(" + ".join(mode) for mode in facts["return_modes"]),
        "reflectance": f"in steps of {light['step']:g}; a white wall is byte {light['white_byte']}",
    }
    lines = [f"lidar {facts['name']} ({facts['maker']})" if facts["maker"] else f"lidar {facts['name']}", ""]
    lines += [f"  {name:14} {words}" for name, words in rows.items()]
    moved = {"risley": ", before the prisms", "mirrors": ", added to the mirrors' angles"}.get(
        facts["pattern"]["type"], ""
    )
    lines += ["", f"Beams, in firing order (angles counter-clockwise and up{moved}):", ""]
    lines += _table(facts["beams"])
    if facts["notes"]:
        lines += ["", "Source:", "", *(f"  {line}" for line in facts["notes"].splitlines())]
    return "\n".join(lines)


def _pattern(pattern: dict[str, Any]) -> str:
    if pattern["type"] == "risley":
        prisms = ", ".join(f"{p['wedge_deg']:g} deg at {p['rate_hz']:g} Hz" for p in pattern["prisms"])
        return f"prisms that turn ({prisms}); it does not repeat"
    if pattern["type"] == "mirrors":
        axes = (f"{name} {_axis(pattern[name])}" for name in ("azimuth", "elevation"))
        return f"mirrors ({', '.join(axes)}); it does not repeat"
    if pattern["type"] == "raster":
        return "rows and columns, from left to right"
    return f"a rotor, {'clockwise' if pattern['clockwise'] else 'counter-clockwise'} seen from above"


def _axis(axis: dict[str, Any]) -> str:
    if axis["shape"] == "turn":
        return f"turns at {axis['rate_hz']:g} Hz"
    if axis["shape"] == "still":
        return f"fixed at {axis['span_deg'][0]:g} deg"
    return f"{axis['shape']} {_span(axis['span_deg'])} deg at {axis['rate_hz']:g} Hz"


def _table(beams: list[dict[str, float]]) -> list[str]:
    """The beam table; columns that are zero throughout are left out."""
    digits = {"ring": 0, "id": 0, "elevation_deg": 3, "azimuth_deg": 3, "time_us": 3}
    shown = [key for key in beams[0] if key in ("ring", "id", "elevation_deg") or any(beam[key] for beam in beams)]
    width = {key: max(len(key), 8) for key in shown}
    lines = ["  " + "  ".join(f"{key:>{width[key]}}" for key in shown)]
    for beam in beams:
        lines.append("  " + "  ".join(f"{beam[key]:>{width[key]}.{digits.get(key, 1)}f}" for key in shown))
    return lines


def _span(pair: list[float]) -> str:
    return f"{pair[0]:g} to {pair[1]:g}"
