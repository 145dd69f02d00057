"""How much of a thing a camera will see past leaves, posts and bodies: their true outlines, drawn before rendering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from simgen.assembly import model_of, prop_asset, rest_mesh
from simgen.geometry import quat_from_yaw, transform
from simgen.records.base import F8, U1
from simgen.records.layout import WorldLayout
from simgen.records.model import Model, Quaternion, Vector3
from simgen.scene import Scene

#: cells across the larger side of what is looked at
_CELLS: Final = 220
#: fractional bits of cv2's corners
_SHIFT: Final = 4
#: what is this much farther from the line of sight than its own half diagonal hides nothing, m
_BESIDE_M: Final = 2.0

#: triangles in the world, (T, 3, 3)
Corners = F8


def corners_of(model: Model, position: Vector3 | F8, quaternion: Quaternion | F8) -> Corners:
    """A model's triangles at rest, where it stands."""
    mesh = rest_mesh(model)
    vertices = transform(np.asarray(position), np.asarray(quaternion), mesh.vertices.astype(np.float64))
    return np.asarray(vertices[mesh.triangles])


def standing(scene: Scene, layout: WorldLayout, eye: F8, target: F8, without: tuple[str, ...]) -> Iterator[Corners]:
    """The triangles of all that stands still near a line of sight: scenery, and entities without a behaviour."""
    for prop in layout.props:
        model, turned = model_of(prop_asset(prop)), quat_from_yaw(prop.yaw_rad)
        if not prop.tracked and _near(model, np.array(prop.position), turned, eye, target):
            yield corners_of(model, prop.position, turned)
    for entity in scene.entities:
        if entity.name in without or entity.behaviour is not None or entity.leader is not None:
            continue
        model, turned = model_of(entity.asset), np.array(entity.quaternion)
        if _near(model, np.array(entity.position), turned, eye, target):
            yield corners_of(model, entity.position, turned)


def seen_share(thing: Corners, eye: F8, others: list[Corners]) -> float:
    """Share of a thing's outline, as the eye sees it, that none of the others hides: ``visible_fraction``'s meaning."""
    target = thing.reshape(-1, 3).mean(0)
    flat, _ = _projected(thing, eye, target)
    low, high = flat.reshape(-1, 2).min(0), flat.reshape(-1, 2).max(0)
    scale = _CELLS / float((high - low).max())
    shape = tuple(int(n) + 2 for n in np.ceil((high - low) * scale)[::-1])
    own = _filled(flat, low, scale, shape)
    far = float(np.sqrt(((target - eye) ** 2).sum()))
    hidden = np.zeros_like(own)
    for corners in others:
        seen, depth = _projected(corners, eye, target)
        before = (depth.min(1) > 0.3) & (depth.max(1) < far)
        inside = (seen.max(1) > low).all(-1) & (seen.min(1) < high).all(-1)
        hidden |= _filled(seen[before & inside], low, scale, shape)
    covered = int(own.sum())
    return float((own & (1 - hidden)).sum()) / covered if covered else 0.0


def _near(model: Model, position: F8, quaternion: F8, eye: F8, target: F8) -> bool:
    """Whether the ball around a model's box comes near the line of sight."""
    along, at = target - eye, transform(position, quaternion, np.array(model.box_center)) - eye
    share = float((along * at).sum() / max(float((along * along).sum()), 1e-9))
    gap = at - min(max(share, 0.0), 1.0) * along
    reach = 0.5 * float(np.sqrt((np.array(model.size) ** 2).sum())) + _BESIDE_M
    return float((gap * gap).sum()) < reach * reach


def _projected(corners: Corners, eye: F8, target: F8) -> tuple[F8, F8]:
    """Corners on a plane at unit distance across the line of sight, (T, 3, 2), and their depths along it, (T, 3)."""
    ahead = (target - eye) / np.sqrt(((target - eye) ** 2).sum())
    left = np.array([-ahead[1], ahead[0], 0.0]) / np.hypot(ahead[0], ahead[1])
    up = np.array([ahead[1] * left[2] - ahead[2] * left[1], ahead[2] * left[0] - ahead[0] * left[2], 0.0])
    up[2] = ahead[0] * left[1] - ahead[1] * left[0]
    rel = corners - eye
    depth = (rel * ahead).sum(-1)
    safe = np.maximum(depth, 1e-3)
    return np.stack([(rel * left).sum(-1) / safe, (rel * up).sum(-1) / safe], -1), depth


def _filled(flat: F8, low: F8, scale: float, shape: tuple[int, ...]) -> U1:
    """1 where a triangle covers a cell."""
    import cv2

    image = np.zeros(shape, np.uint8)
    pixels = np.round(np.clip((flat - low) * scale, -1e4, 1e4) * (1 << _SHIFT)).astype(np.int32)
    for triangle in pixels:
        cv2.fillConvexPoly(image, triangle, 1, lineType=8, shift=_SHIFT)
    return image
