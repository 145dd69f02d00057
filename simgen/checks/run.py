"""Every rule over a whole dataset, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from simgen.checks.base import NOTHING, Finding, Rule, SequenceLook
from simgen.checks.box_pose import BoxPose
from simgen.checks.box_px import BoxPx
from simgen.checks.box_rows import BoxRows
from simgen.checks.camera_raw import CameraRaw
from simgen.checks.clean_twin import CleanTwin
from simgen.checks.conditions import ConditionsRule
from simgen.checks.content_hash import ContentHash
from simgen.checks.depth_lidar import DepthLidar
from simgen.checks.depth_measured import DepthMeasured
from simgen.checks.echo_source import EchoSource
from simgen.checks.event_labels import EventLabels
from simgen.checks.events import EventOrder
from simgen.checks.finite import Finite
from simgen.checks.flow import Flow
from simgen.checks.gnss import GnssPosition
from simgen.checks.ids import Ids
from simgen.checks.imu import ImuMotion
from simgen.checks.keypoints import KeypointsRule
from simgen.checks.measures import MeasuresRule
from simgen.checks.odometry import OdometryPath
from simgen.checks.point_counts import PointCounts
from simgen.checks.points_in_box import PointsInBox
from simgen.checks.radar import RadarCounts, RadarPlaces, RadarVelocities
from simgen.checks.rotations import Rotations
from simgen.checks.semantic_class import SemanticClass
from simgen.checks.sensor_pose import SensorPose
from simgen.checks.statuses import Statuses
from simgen.checks.tables import Tables
from simgen.checks.tactile import TactileTouch
from simgen.checks.thermal import ThermalCounts, ThermalLabels
from simgen.checks.times import Times
from simgen.checks.timing import TimingRule
from simgen.checks.transmittance import Transmittance
from simgen.checks.unreal_points import UnrealPoints
from simgen.checks.visible_fraction import VisibleFraction
from simgen.checks.weather_points import WeatherPoints
from simgen.dataset import Dataset
from simgen.errors import DataError

#: in the order of the report: the file first, then its labels, then how they agree with each other
RULES: Final[tuple[Rule, ...]] = (
    ContentHash(),
    Tables(),
    Times(),
    TimingRule(),
    Statuses(),
    Ids(),
    Finite(),
    Rotations(),
    SensorPose(),
    SemanticClass(),
    BoxRows(),
    BoxPx(),
    VisibleFraction(),
    KeypointsRule(),
    BoxPose(),
    PointCounts(),
    PointsInBox(),
    UnrealPoints(),
    ConditionsRule(),
    Transmittance(),
    WeatherPoints(),
    CleanTwin(),
    DepthLidar(),
    DepthMeasured(),
    EchoSource(),
    TactileTouch(),
    Flow(),
    EventOrder(),
    EventLabels(),
    CameraRaw(),
    ThermalCounts(),
    ThermalLabels(),
    RadarCounts(),
    RadarPlaces(),
    RadarVelocities(),
    ImuMotion(),
    OdometryPath(),
    GnssPosition(),
    MeasuresRule(),
)


#: what reading damaged data can raise
BROKEN: Final = (DataError, KeyError, IndexError, ValueError, TypeError, OSError, AttributeError)


@dataclass(frozen=True, kw_only=True)
class Readable(Rule):
    """Every delivered frame can be read as the record that was written."""

    name = "readable"


READABLE: Final = Readable()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What one rule found in the whole dataset."""

    rule: str
    #: what the rule says
    doc: str
    status: Literal["pass", "fail", "nothing to test"]
    tested: int
    failed: int
    worst: float
    unit: str
    #: ``sequence/sensor/frame: what is wrong``, of the first that is
    first: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What all rules found."""

    path: str
    sequences: int
    frames: int
    results: tuple[Result, ...]

    @property
    def good(self) -> bool:
        """Whether no rule failed."""
        return all(result.status != "fail" for result in self.results)

    def as_json(self) -> dict[str, Any]:
        """Plain dicts and lists."""
        return {**asdict(self), "good": self.good}


def run_checks(
    dataset: Dataset, rules: Sequence[Rule] = RULES, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Apply every rule to every sequence and every delivered frame.

    A frame is read once for all rules. A rule that cannot read what it needs because the file is damaged fails there
    with the reason, and the others go on.

    Args:
        dataset: an open dataset.
        rules: which rules.
        progress: called after each frame with the number done and the total.
    """
    totals = {rule.name: NOTHING for rule in rules}
    whole = sum(len(frames) for stored in dataset.sequences for frames in stored.frames.values())
    unreadable = NOTHING
    done = 0
    for stored in dataset.sequences:
        look = SequenceLook(stored)
        for rule in rules:
            totals[rule.name] += _located(f"{stored.index:06d}", _guarded(rule.sequence, look))
        for sensor, index in look.delivered():
            try:
                frame = look.look(sensor, index)
            except BROKEN as error:
                unreadable += _broken(error, f"{stored.index:06d}/{sensor}/{index}")
            else:
                for rule in rules:
                    totals[rule.name] += _located(frame.where, _guarded(rule.frame, frame))
                unreadable += Finding(tested=1)
            done += 1
            if progress is not None:
                progress(done, whole)
    results = (_result(READABLE, unreadable), *(_result(rule, totals[rule.name]) for rule in rules))
    return Report(path=str(dataset.path), sequences=len(dataset.sequences), frames=done, results=results)


def _guarded(look: Callable[[Any], Finding], at: Any) -> Finding:
    """A look that fails on broken data instead of raising."""
    try:
        return look(at)
    except BROKEN as error:
        return _broken(error, "")


def _broken(error: Exception, where: str) -> Finding:
    words = f"cannot be read: {type(error).__name__}: {error}"
    return Finding(tested=1, failed=1, worst=math.inf, example=f"{where}: {words}" if where else words)


def _located(where: str, finding: Finding) -> Finding:
    if not finding.example or finding.example.startswith(where):
        return finding
    return replace(finding, example=f"{where}: {finding.example}")


def _result(rule: Rule, total: Finding) -> Result:
    if total.tested == 0:
        status: Literal["pass", "fail", "nothing to test"] = "nothing to test"
    else:
        status = "fail" if total.failed > rule.allowed_share * total.tested else "pass"
    return Result(
        rule=rule.name,
        doc=" ".join((type(rule).__doc__ or "").split("\n\n")[0].split()),
        status=status,
        tested=total.tested,
        failed=total.failed,
        worst=total.worst,
        unit=rule.unit,
        first=total.example,
    )


__all__ = ["RULES", "Report", "Result", "run_checks"]
