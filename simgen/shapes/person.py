"""From a body and clothes to a person whose joints walk, or who holds a pose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from simgen.records.base import F8
from simgen.records.model import Joint, Link, Model, Quaternion
from simgen.shapes import carried, heads
from simgen.shapes import clothes as garments
from simgen.shapes.body import Body, Frames, Pose, posed
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.clothes import EXTRA, TOP, Bare
from simgen.shapes.drapes import HANGS, shell_joints, shells
from simgen.shapes.figure import add_links, keypoints, limbs
from simgen.shapes.finish import finished, hull
from simgen.shapes.gait import LEVER_M, Legs, run, run_joints, walk, walk_joints
from simgen.shapes.limb_pose import reaching
from simgen.shapes.looks import Look
from simgen.shapes.pieces import Piece, joined
from simgen.shapes.poses import MOVING, pose_of
from simgen.shapes.pram import pram_links
from simgen.shapes.soup import Soup
from simgen.shapes.wardrobe import Clothes, body_of


def as_quaternion(q: F8) -> Quaternion:
    """Four Python floats."""
    w, x, y, z = (float(v) for v in q)
    return w, x, y, z


def legs_of(body: Body) -> Legs:
    """The measures that walking needs."""
    sole = garments.shoe(body, "left").vertices
    return Legs(
        thigh=body.length("left_thigh"), shank=body.length("left_shank"), foot=-float(sole[:, 2].min()),
        sole=sole[:, [0, 2]],
    )  # fmt: skip


def dressed(body: Body, clothes: Clothes, *, carries: str = "none") -> list[Piece]:
    """Everything that is seen of somebody, but for what hangs from the hips."""
    sleeve = 0.62 if clothes.short_sleeves else garments.TOPS[clothes.top_kind][0]
    waist = garments.TOPS[clothes.top_kind][1] + 0.15
    hem = 0.3 if clothes.trousers_kind == "skirt" else garments.TROUSERS_KINDS[clothes.trousers_kind][0]
    bare_legs = clothes.top_kind == "dress"
    hem = 0.3 if bare_legs else hem
    below = garments.trousers(body, clothes.trousers_kind, waist)
    over = [p.retagged(TOP, EXTRA) for p in garments.top(body, "vest")] if clothes.vest else []
    return [
        *([p.tagged(TOP) for p in garments.trousers(body, "skirt", waist)] if bare_legs else below),
        *garments.top(body, clothes.top_kind, sleeve, under_vest=clothes.vest),
        *over,
        *garments.skin(body, Bare(sleeve=sleeve, hem=hem), heads.under_hair(body, clothes.hair_style)),
        *garments.joint_balls(body, sleeve, hem),
        *heads.hair(body, clothes.hair_style, covered=clothes.headwear != "none"),
        *heads.headwear(body, clothes.headwear),
        *garments.shoes(body),
        *carried.worn(body, carries),
    ]


def hanging(clothes: Clothes) -> str:
    """Which shells hang from the hips, if any."""
    if clothes.top_kind in HANGS:
        return clothes.top_kind
    return "skirt" if clothes.trousers_kind == "skirt" else ""


def build_person(name: str, look: Look, pose: str, mass_kg: float) -> Model:
    """A person in a pose; in those of :data:`~simgen.shapes.poses.MOVING` the joints walk or run."""
    pose = "push" if look.carried == "pram" and pose == "walk" else pose
    look = _fit_for(look, pose)
    body = body_of(look.who)
    legs = legs_of(body)
    hip = np.array([0.0, 0.0, legs.hip])
    bones, turn, still = pose_of(body, pose, hip)
    if look.carried == "umbrella":
        bones |= reaching(body, bones, hip, "right", carried.umbrella_grip(body, hip), np.array([-0.2, -0.6, -1.0]))
        still |= {"right"}
    pieces = dressed(body, look.clothes, carries=look.carried)
    if pose not in MOVING:
        return _holding(name, look, pieces, body, bones, turn, pose, mass_kg)
    cycle = run(legs) if pose == "run" else walk(legs)
    joints = dict(run_joints(cycle, look.phase) if pose == "run" else walk_joints(cycle, look.phase))
    for side in still:
        joints.pop(f"{side}_upper_arm"), joints.pop(f"{side}_forearm")
    drapes = shells(body, hanging(look.clothes)) if hanging(look.clothes) else {}
    joints |= shell_joints(cycle, look.phase)
    links = [Link(name="body"), Link(name="lift", parent=0, position=(-LEVER_M, 0.0, legs.hip), joint=joints["lift"])]
    frames = posed(body, bones, hip)
    palette = Palette()
    if look.carried == "pram":
        handle = np.mean([frames.at(f"{side}_fingers")[0] for side in ("left", "right")], axis=0)
        links += pram_links(handle, palette, look.clothes.surfaces())
    return figure(name, look.clothes, pieces, frames, joints, links, {"pelvis": "lift"}, mass_kg, drapes, palette)


def _fit_for(look: Look, pose: str) -> Look:
    """Hands that are busy carry nothing; who sits or lies wears what can bend."""
    fits = pose in ("walk", "stand") or look.carried == "backpack" or (pose == "push" and look.carried == "pram")
    carried = look.carried if fits else "none"
    carried = "phone" if pose == "phone" else "none" if pose == "lie" else carried
    clothes = look.clothes
    if pose in ("run", "sit", "crouch", "lie", "lie_on_side"):
        top = {"dress": "blouse", "coat": "jacket"}.get(clothes.top_kind, clothes.top_kind)
        below = "leggings" if clothes.trousers_kind == "skirt" or clothes.top_kind == "dress" else clothes.trousers_kind
        clothes = replace(clothes, top_kind=top, trousers_kind=below)
    return replace(look, clothes=clothes, carried=carried)


def _holding(
    name: str, look: Look, pieces: list[Piece], body: Body, bones: Pose, turn: F8 | None, pose: str, mass_kg: float
) -> Model:
    """Somebody who keeps still, the lowest point on the ground; what they carry comes along."""
    whole = joined(pieces)
    origin = np.zeros(3)
    low = posed(body, bones, origin, turn).skinned(whole.points, whole.weights)
    origin = np.array([0.0, 0.0, -float(low[np.unique(whole.triangles), 2].min())])
    if pose.startswith("lie"):
        origin[0] = -0.5 * float(low[:, 0].max() + low[:, 0].min())
    frames = posed(body, bones, origin, turn)
    kind = hanging(look.clothes)
    drapes = shells(body, kind) if kind else {}
    return figure(name, look.clothes, pieces, frames, {}, [Link(name="body")], {"pelvis": "body"}, mass_kg, drapes)


def figure(
    name: str,
    clothes: Clothes,
    pieces: Sequence[Piece],
    frames: Frames,
    joints: Mapping[str, Joint],
    links: list[Link],
    under: Mapping[str, str],
    mass_kg: float,
    drapes: Mapping[str, Soup] | None = None,
    palette: Palette | None = None,
) -> Model:
    """A model of a posed body; ``links`` come first, ``under`` says what of the body hangs on which of them."""
    palette = palette if palette is not None else Palette()
    surfaces = clothes.surfaces()
    add_links(links, under, limbs(joined(list(pieces)), frames), frames, joints, palette, surfaces)
    pelvis = [link.name for link in links].index("pelvis")
    for drape, soup in (drapes or {}).items():
        links.append(
            Link(
                name=drape,
                parent=pelvis,
                mesh=MeshBuilder(palette).add(soup, *surfaces, smooth_deg=60.0).mesh(),
                joint=joints.get(drape, Joint()),
                shapes=(hull(soup.vertices),),
            )
        )
    return finished(
        name, clothes.class_name, links, palette.surfaces, mass_kg=mass_kg, keypoints=keypoints(links, frames)
    )
