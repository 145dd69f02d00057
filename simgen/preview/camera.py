"""Panels of a camera frame: the picture with boxes, and every map."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np

from simgen.geometry import quat_rotate
from simgen.lens import Pinhole, Projection
from simgen.preview.colors import class_colors, distance_colors, flow_colors, instance_colors, normal_colors, to_bytes
from simgen.records.base import F8, U1
from simgen.records.frames import BOX_CROSSES_NEAR, BOX_IS_EGO, CameraBoxes, CameraFrame, Keypoints
from simgen.taxonomy import class_name, color_table

Panel = tuple[str, U1]

#: the twelve edges of a box whose corners are numbered by the bits x, y, z
EDGES = [(a, a | bit) for a in range(8) for bit in (1, 2, 4) if not a & bit]

#: places along an edge that a bending lens is asked about
_PIECES = 24


def camera_panels(name: str, frame: CameraFrame, lens: Projection | None = None) -> list[Panel]:
    """Title and picture of everything the frame holds; ``lens`` draws wire frames (None: a pinhole of K)."""
    panels: list[Panel] = []
    if frame.rgb is not None:
        panels.append((f"{name}: rgb", frame.rgb))
        if frame.boxes is not None:
            panels.append(
                (f"{name}: 2-D and 3-D boxes, visible share", draw_boxes(frame.rgb, frame.boxes, frame.K, lens))
            )
        if frame.keypoints is not None and len(frame.keypoints.instance):
            panels.append((f"{name}: keypoints, dim where hidden", draw_keypoints(frame.rgb, frame.keypoints)))
    if type(frame) is CameraFrame:
        panels += _sensor_panels(name, frame)
    if frame.transmittance is not None:
        share = frame.transmittance.astype(np.float64)
        words = f"{share.min():.2f} to {share.max():.2f}"
        panels.append((f"{name}: what the air lets through, {words}", np.repeat(to_bytes(share)[..., None], 3, -1)))
    if frame.semantic is not None:
        panels.append((f"{name}: semantic", class_colors(frame.semantic)))
    if frame.instance is not None:
        panels.append((f"{name}: instance", instance_colors(frame.instance)))
    if frame.depth is not None:
        panels.append((f"{name}: depth, {_span(frame.depth)}", distance_colors(frame.depth)))
    if frame.range is not None:
        panels.append((f"{name}: range, {_span(frame.range)}", distance_colors(frame.range)))
    if frame.normal is not None:
        panels.append((f"{name}: normal", normal_colors(frame.normal)))
    if frame.flow is not None:
        picture, full = flow_colors(frame.flow)
        panels.append((f"{name}: flow to the next frame, full colour = {full:.0f} px", picture))
    return panels


def _sensor_panels(name: str, frame: CameraFrame) -> list[Panel]:
    """What the pixels counted, and the picture that an ideal camera would have given."""
    panels: list[Panel] = []
    if isinstance(frame.ideal, CameraFrame) and frame.ideal.rgb is not None:
        panels.append((f"{name}: ideal, without optics, pixels and faults", frame.ideal.rgb))
    if frame.raw is not None:
        low, high = (float(v) for v in np.percentile(frame.raw, (0.1, 99.9)))
        share = np.clip((frame.raw - low) / max(high - low, 1.0), 0.0, 1.0)
        grey = np.rint(255.0 * np.sqrt(share)).astype(np.uint8)
        words = _exposure(frame)
        panels.append((f"{name}: raw counts, {low:.0f} to {high:.0f}{words}", np.repeat(grey[..., None], 3, -1)))
    return panels


def _exposure(frame: CameraFrame) -> str:
    if frame.exposure_time is None or frame.iso is None:
        return ""
    return f", {1e3 * float(frame.exposure_time[0]):.3g} ms at ISO {float(frame.iso[0]):.0f}"


def draw_boxes(rgb: U1, boxes: CameraBoxes, K: F8, lens: Projection | None = None) -> U1:
    """The picture with visible boxes, 3-D wire frames and, for what is partly hidden, the share that is seen."""
    out = np.ascontiguousarray(rgb.copy())
    width = max(1, round(rgb.shape[1] / 900))
    shape = {"width": rgb.shape[1], "height": rgb.shape[0]}
    lens = lens or Pinhole(**shape, fx=K[0, 0], fy=K[1, 1], cx=K[0, 2], cy=K[1, 2])
    for row in np.argsort(-(boxes.center**2).sum(-1)):
        if boxes.flags[row] & BOX_IS_EGO or boxes.pixels[row] < 12:
            continue
        color = tuple(int(c) for c in np.maximum(color_table()[boxes.class_id[row]], 70))
        x0, y0, x1, y1 = (round(float(v)) for v in boxes.box_px[row])
        cv2.rectangle(out, (x0, y0), (x1 - 1, y1 - 1), color, width)
        if not boxes.flags[row] & BOX_CROSSES_NEAR:
            _wire(out, boxes, int(row), lens, width)
        if x1 - x0 > 26:
            _tag(out, boxes, int(row), (x0, y0), color)
    return out


#: bones between COCO's keypoints
BONES = (
    (0, 1), (0, 2), (1, 3), (2, 4), (5, 6), (5, 7), (7, 9), (6, 8), (8, 10), (5, 11), (6, 12), (11, 12), (11, 13),
    (13, 15), (12, 14), (14, 16),
)  # fmt: skip


def draw_keypoints(rgb: U1, people: Keypoints) -> U1:
    """The picture with everybody's bones: green on the left side, red on the right, dim where an end is hidden."""
    out = np.ascontiguousarray(rgb.copy())
    width = max(1, round(rgb.shape[1] / 900))
    for uv, seen in zip(people.uv.astype(np.float64), people.visibility, strict=True):
        spots = [(round(float(x)), round(float(y))) for x, y in np.clip(uv, -5000.0, 5000.0)]
        for a, b in BONES:
            if seen[a] and seen[b]:
                bright = 255 if seen[a] == 2 and seen[b] == 2 else 110
                color = (
                    (0, bright, 60)
                    if a % 2 and b % 2
                    else (bright, 40, 40)
                    if not a % 2 and not b % 2
                    else (bright,) * 3
                )
                cv2.line(out, spots[a], spots[b], color, width, cv2.LINE_AA)
        # dots would bury somebody far away
        dot = (width + 1) * int(np.ptp(uv[seen > 0, 1]) > 60.0) if (seen > 0).any() else 0
        for spot, state in zip(spots, seen, strict=True):
            if state and dot:
                cv2.circle(out, spot, dot, (255, 230, 0) if state == 2 else (120, 110, 40), -1, cv2.LINE_AA)
    return out


def _wire(out: U1, boxes: CameraBoxes, row: int, lens: Projection, width: int) -> None:
    corners = np.array([[(i & 1) - 0.5, (i >> 1 & 1) - 0.5, (i >> 2 & 1) - 0.5] for i in range(8)])
    points = quat_rotate(boxes.quaternion[row], corners * boxes.size[row]) + boxes.center[row]
    straight = lens.measure == "depth"
    if straight and points[:, 2].min() < 0.1:
        return
    share = np.linspace(0.0, 1.0, 2 if straight else _PIECES)[:, None]
    for a, b in EDGES:
        at = lens.project(points[a] + share * (points[b] - points[a]))
        for one, two in pairwise(at):
            # what is not seen is NaN; a step of half the picture goes round a panorama's seam
            if abs(two - one).max() < 0.5 * lens.width or straight:
                ends = np.clip([one, two], -5000, 5000).round().astype(int).tolist()
                cv2.line(out, ends[0], ends[1], (255, 255, 255), width, cv2.LINE_AA)


def _tag(out: U1, boxes: CameraBoxes, row: int, at: tuple[int, int], color: tuple[int, ...]) -> None:
    words = class_name(int(boxes.class_id[row]))
    if boxes.visible_fraction[row] < 0.995:
        words += f" {boxes.visible_fraction[row]:.0%}"
    scale = max(0.35, out.shape[1] / 2600)
    (w, h), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    x, y = at[0], max(at[1] - 3, h + 2)
    cv2.rectangle(out, (x, y - h - 3), (x + w + 4, y + 3), color, -1)
    dark = sum(color) > 380
    ink = (0, 0, 0) if dark else (255, 255, 255)
    cv2.putText(out, words, (x + 2, y), cv2.FONT_HERSHEY_SIMPLEX, scale, ink, 1, cv2.LINE_AA)


def _span(depth: np.ndarray) -> str:
    seen = depth[np.isfinite(depth)]
    return f"{seen.min():.1f} to {seen.max():.0f} m" if len(seen) else "nothing hit"
