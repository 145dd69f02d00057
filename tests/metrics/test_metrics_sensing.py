"""What sensors have of the world, and what became of their data: measured on frames made to order."""

from __future__ import annotations

import math

import numpy as np
import pytest
from synthetic import World

from simgen.colorimetry import srgb, tone
from simgen.errors import UserError
from simgen.generate.witness import Witness
from simgen.metrics import measure, metric_of
from simgen.records.base import empty_table
from simgen.records.conditions import Conditions
from simgen.records.constraints import Constraint
from simgen.records.evidence import Evidence, Eye
from simgen.records.frames import POINT_NOISE, STATUS_DROPPED, LidarPoints

WORLD = World(frames=6)
CAMERAS = [WORLD.camera(k) for k in range(6)]
LIDARS = [WORLD.lidar(k) for k in range(6)]


def value(kind, frames, subject="front", other="", time_s=-1.0, until_s=-1.0, **more):
    """A metric of frames: ``{sensor: [frame, ...]}``."""
    witness = Witness()
    for sensor, shots in frames.items():
        for frame in shots:
            witness.see(sensor, frame)
    trajectory, eyes = WORLD.trajectory(), {"front": Eye(on="ego"), "top": Eye(on="ego")}
    health = witness.health(trajectory, eyes)
    evidence = Evidence(trajectory=trajectory, seen=witness.sightings(), health=health, **more)
    asked = Constraint(
        kind=kind, subject=subject, other=other, asked=0.0, tolerance=0.0, time_s=time_s, until_s=until_s
    )
    return measure(asked, evidence).achieved


def cameras(change=None, at=()):
    return [frame.replace(**change(frame)) if k in at else frame for k, frame in enumerate(CAMERAS)]


def lidars(change=None, at=()):
    return [frame.replace(**change(frame)) if k in at else frame for k, frame in enumerate(LIDARS)]


def some(frame, keep):
    """The points of a sweep that are kept."""
    return {"points": frame.points.rows(np.flatnonzero(keep(frame.points)))}


def test_pixels_points_and_first_sight_are_those_of_the_boxes():
    frames = {"front": cameras(), "top": lidars()}
    walker = 3
    pixels = [int(f.boxes.pixels[f.boxes.instance == walker][0]) for f in frames["front"]]
    points = [int(f.boxes.points[f.boxes.instance == walker][0]) for f in frames["top"]]
    assert value("pixels", frames, "walker", "front") == max(pixels)
    assert value("pixels", frames, "walker", "front", time_s=0.1) == pixels[1]
    assert value("points", frames, "walker", "top", time_s=0.2, until_s=0.45) == max(points[2:5])
    assert value("first_seen_s", frames, "walker", "front") == pytest.approx(0.02)
    hidden = {"front": [f.replace(boxes=f.boxes.rows(f.boxes.instance != walker)) for f in frames["front"][:3]]}
    assert value("first_seen_s", hidden, "walker", "front") == math.inf
    assert value("pixels", hidden, "walker", "front") == 0.0
    late = {"front": hidden["front"] + frames["front"][3:]}
    assert value("first_seen_s", late, "walker", "front") == pytest.approx(0.32)
    assert value("first_seen_s", frames, "walker", "front", time_s=0.3) == pytest.approx(0.32)


def test_a_ratio_of_points_is_that_of_the_counts():
    frames, walker = {"top": lidars()}, 3
    others = [n for n in WORLD.trajectory().actor_names if n != "walker"]
    instance = dict(zip(WORLD.trajectory().actor_names, WORLD.trajectory().instance.tolist(), strict=True))

    def count(frame, who):
        rows = np.flatnonzero(frame.boxes.instance == who)
        return int(frame.boxes.points[rows[0]]) if len(rows) else 0

    counts = [(count(f, walker), [count(f, instance[n]) for n in others]) for f in frames["top"]]
    other = next(n for k, n in enumerate(others) if all(row[1][k] for row in counts))
    ratios = [own / row[others.index(other)] for own, row in counts]
    assert value("points_ratio", frames, f"walker over {other}", "top") == pytest.approx(max(ratios))
    assert value("points_ratio", frames, f"walker over {other}", "top", time_s=0.2) == pytest.approx(ratios[2])
    gone = {"top": [f.replace(boxes=f.boxes.rows(f.boxes.instance != instance[other])) for f in LIDARS]}
    assert math.isnan(value("points_ratio", gone, f"walker over {other}", "top"))
    with pytest.raises(UserError, match="names no two actors"):
        value("points_ratio", frames, "walker", "top")


def test_metrics_say_which_frames_they_look_at():
    times = np.arange(5, dtype=np.int64) * 100_000_000

    def frames(kind, **at):
        return np.flatnonzero(
            metric_of(kind).frames(Constraint(kind=kind, subject="a", asked=0.0, tolerance=0.0, **at), times)
        )

    assert frames("visible_fraction", time_s=0.21).tolist() == [2]
    assert frames("visible_fraction").tolist() == [0]
    assert frames("pixels", time_s=0.1, until_s=0.3).tolist() == [1, 2, 3]
    assert frames("first_seen_s", time_s=0.3).tolist() == [0, 1, 2, 3, 4]
    assert frames("distance_m", time_s=0.3).tolist() == []


def test_a_dropped_frame_shows_nothing():
    gone = {"front": [f.replace(status=STATUS_DROPPED) for f in cameras()[:2]] + cameras()[2:]}
    assert value("first_seen_s", gone, "walker", "front") == pytest.approx(0.22)
    assert value("dead_share", gone) == 1.0
    assert value("dead_share", gone, time_s=0.4) == 0.0
    assert value("frames_dropped", gone) == 2.0


def test_stamps_and_frozen_pictures():
    frames = {"front": cameras(lambda f: {"stamp_ns": f.time_ns - 3_000_000}, at=(2,))}
    assert value("stamp_error_s", frames) == pytest.approx(-3e-3)
    assert value("stamp_error_s", frames, time_s=0.1) == pytest.approx(1e-6)
    still = {"front": cameras(lambda f: {"rgb": CAMERAS[1].rgb}, at=(2, 3, 4)), "top": lidars()}
    assert value("frames_frozen", still) == 3.0
    assert value("frames_frozen", still, time_s=0.3, until_s=0.5) == 2.0
    assert value("frames_frozen", still, "top") == 0.0
    # silent frames in between are no repetition, but what comes after them may be
    gap = [CAMERAS[0], CAMERAS[1].replace(status=STATUS_DROPPED), CAMERAS[0]]
    assert value("frames_frozen", {"front": gap}) == 1.0


def test_dead_rows_and_columns_of_a_picture():
    def dead(frame):
        rgb = np.maximum(frame.rgb, 1)
        rgb[[10, 11, 30]] = 0
        rgb[:, 50] = 0
        # the night above is no fault
        rgb[:4] = 0
        return {"rgb": rgb}

    share = 1.0 - (1.0 - 3 / 64) * (1.0 - 1 / 96)
    assert value("dead_share", {"front": cameras(dead, at=(3,))}, time_s=0.3) == pytest.approx(share)


def test_luminance_and_clipping_of_a_known_picture():
    def shown(frame):
        level = round(float(srgb(tone(np.array(0.25)))) * 255.0)
        rgb = np.full_like(frame.rgb, level)
        rgb[:, :48] = 255
        return {"rgb": rgb}

    frames = {"front": cameras(shown, at=(1,))}
    # white is 1000 cd/m2: half the picture shows it, the other half a quarter of it
    assert value("luminance_cd_m2", frames, time_s=0.1) == pytest.approx(625.0, rel=0.01)
    assert value("clipped_share", frames, time_s=0.1) == 0.5
    assert math.isnan(value("clipped_share", {"top": lidars()}, "top"))


def test_glass_is_measured_where_it_is_stored():
    glass = np.ones((64, 96), np.float16)
    glass[:16] = 0.5
    frames = {"front": cameras(lambda f: {"glass": glass}, at=range(6))}
    assert value("glass_covered", frames) == 0.25
    assert math.isnan(value("glass_covered", {"front": cameras()}))


def test_returns_are_lost_against_the_ideal_signal_or_the_fullest_frame():
    def halved(frame):
        return some(frame, lambda p: np.arange(len(p.range)) % 2 == 0)

    counts = [len(f.points.range) for f in lidars()]
    half = (counts[3] + 1) // 2
    assert value("returns_lost", {"top": lidars(halved, at=(3,))}, "top", time_s=0.3) == pytest.approx(
        1.0 - half / max(counts)
    )
    known = {"top": lidars(lambda f: {**halved(f), "ideal": f}, at=range(6))}
    assert value("returns_lost", known, "top", time_s=0.3) == pytest.approx(1.0 - half / counts[3])
    # cells of 3 degrees have several points of a ring, but for those at the edges of things
    assert value("dead_share", known, "top") < 0.06


def test_a_laser_that_returns_nothing_is_dead():
    def one_less(frame):
        return {**some(frame, lambda p: p.ring != 5), "ideal": frame}

    frame = LIDARS[2]
    sector = np.floor((np.arctan2(frame.points.xyz[:, 1], frame.points.xyz[:, 0]) / (2 * np.pi) + 0.5) * 120)
    cells = set(zip(frame.points.ring.tolist(), sector.tolist(), strict=True))
    share = sum(ring == 5 for ring, _ in cells) / len(cells)
    assert 0.02 < share < 0.2
    frames = {"top": lidars(one_less, at=range(6))}
    assert value("dead_share", frames, "top", time_s=0.2) == pytest.approx(share)
    # noise does not fill the gap
    noisy = frame.points.replace(flags=np.where(frame.points.ring == 5, POINT_NOISE, 0).astype(np.uint16))
    frames["top"][2] = frame.replace(points=noisy, ideal=frame)
    assert value("dead_share", frames, "top", time_s=0.2) == pytest.approx(share)
    none = {"top": [frame.replace(points=empty_table(LidarPoints), ideal=frame)]}
    assert value("dead_share", none, "top") == value("returns_lost", none, "top") == 1.0
    assert math.isnan(value("intensity_ratio", none, "top"))


def test_intensity_against_the_ideal_signal():
    def dimmed(frame):
        faint = frame.points.replace(intensity=frame.points.intensity * np.float32(0.64))
        return {"points": faint, "ideal": frame}

    assert value("intensity_ratio", {"top": lidars(dimmed, at=range(6))}, "top") == pytest.approx(0.64)
    later = {"top": lidars(lambda f: {"points": dimmed(f)["points"]}, at=(4, 5))}
    assert value("intensity_ratio", later, "top", time_s=0.1) == pytest.approx(1.0)
    assert value("intensity_ratio", later, "top") == pytest.approx(0.64)


def test_weather_is_that_of_its_instant_or_the_worst():
    zero = np.zeros(3)
    names = ("snow_mm_h", "hail_mm_h", "puddles", "snow_m", "ice", "uneven")
    conditions = Conditions(
        time_ns=np.array([0, 1_000_000_000, 2_000_000_000]),
        visibility_m=np.array([np.inf, 200.0, 100.0]),
        rain_mm_h=np.array([0.0, 10.0, 4.0]),
        wetness=np.array([0.0, 0.5, 1.0]),
        wind=np.zeros((3, 3)),
        **dict.fromkeys(names, zero),
    )

    def of(kind, **when):
        return value(kind, {"front": cameras()[:1]}, "ego", conditions=conditions, **when)

    assert of("rain_mm_h", time_s=0.5) == pytest.approx(5.0)
    assert of("rain_mm_h") == 10.0
    assert of("visibility_m") == 100.0
    assert of("visibility_m", time_s=0.5) == pytest.approx(400.0)
    assert of("visibility_m", time_s=0.0, until_s=1.5) == 200.0
    assert of("wetness", time_s=1.5) == pytest.approx(0.75)
    assert math.isnan(value("wetness", {"front": cameras()[:1]}, "ego"))


def test_a_sensor_that_is_not_there_is_told():
    with pytest.raises(UserError, match=r"no sensor 'fornt'; did you mean 'front'"):
        value("dead_share", {"front": cameras()[:1]}, "fornt")
    with pytest.raises(UserError, match=r"no sensor 'left'"):
        value("pixels", {"front": cameras()[:1]}, "walker", "left")
