"""The parameters that all vehicles share: which lamps their drivers switch on."""

from __future__ import annotations

from typing import Any

from simgen.registry import param


def lights_param() -> Any:
    """Head and tail lamps."""
    return param(
        "auto",
        doc="head and tail lamps: auto = low beam when it is dark and somebody drives; true = low, false = off",
        choices=("auto", "off", "low", "high", True, False),
    )


def indicators_param() -> Any:
    """Direction indicators."""
    return param(
        "auto",
        doc="auto = before and in turns; they blink at 1.5 Hz",
        choices=("auto", "off", "left", "right", "hazard"),
    )


def beacons_param() -> Any:
    """Warning lights of emergency vehicles."""
    return param(
        "auto",
        doc="flashing lights: auto = on while somebody drives; two flashes twice a second, left and right in turn",
        choices=("auto", "on", "off"),
    )
