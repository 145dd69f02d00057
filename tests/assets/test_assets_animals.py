"""Animals: sizes, coats, poses, and gaits whose feet neither slip nor sink."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assembly import rest_pose
from simgen.geometry import transform
from simgen.physics.articulation import link_poses
from simgen.records.base import F8
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes.finish import rest_vertices
from simgen.shapes.species import BUILDS
from simgen.shapes.trot import DUTY, FOOTFALLS

SPECIES = tuple(BUILDS)


def animal(species: str, **parameters: object) -> Model:
    model = get("asset", "animal")(species=species, **parameters).build()
    assert isinstance(model, Model)
    return model


def withers(model: Model) -> float:
    """Highest point of the skin above the forelegs."""
    row = next(k for k, link in enumerate(model.links) if link.name == "left_fore_upper")
    x = rest_pose(model, row)[0][0]
    points = rest_vertices([*model.links[:3]])
    near = np.abs(points[:, 0] - x) < 0.06 * model.size[0]
    return float(points[near, 2].max())


@pytest.mark.parametrize(
    ("species", "low", "high"),
    [
        # Labrador 0.54-0.57 (FCI 122), cat 0.23-0.25, roe 0.63-0.75, red deer 1.05-1.3, Holstein 1.4-1.5 (Grzimek)
        ("dog", 0.53, 0.63),
        ("cat", 0.22, 0.3),
        ("roe_deer", 0.62, 0.76),
        ("red_deer", 1.05, 1.3),
        ("cow", 1.35, 1.52),
        ("horse", 1.5, 1.72),
        ("wild_boar", 0.6, 0.9),
        ("sheep", 0.6, 0.8),
    ],
)
def test_heights_at_the_withers_are_those_of_the_species(species: str, low: float, high: float) -> None:
    assert low < withers(animal(species)) < high


@pytest.mark.parametrize("species", SPECIES)
@pytest.mark.parametrize("pose", ["standing", "grazing", "lying"])
def test_animals_stand_on_the_ground_within_their_budget(species: str, pose: str) -> None:
    model = animal(species, pose=pose)
    points = rest_vertices(model.links)
    assert -0.012 < float(points[:, 2].min()) < 0.02
    assert sum(len(link.mesh.triangles) for link in model.links if link.mesh is not None) < 4500
    assert {s.class_name for s in model.surfaces} == {"animal"}
    assert dict(model.attributes)["species"] == species
    if pose == "standing":
        feet = [k for k, link in enumerate(model.links) if link.name.endswith("_foot")]
        for k in feet:
            mesh = model.links[k].mesh
            assert mesh is not None
            assert abs(float(transform(*rest_pose(model, k), mesh.vertices)[:, 2].min())) < 0.006


def test_poses_differ() -> None:
    standing, grazing, lying = (animal("horse", pose=p) for p in ("standing", "grazing", "lying"))
    assert grazing.size[2] < 0.85 * standing.size[2]
    assert lying.size[2] < 0.8 * standing.size[2]
    nose = rest_vertices(grazing.links[:3])
    assert float(nose[nose[:, 0] > nose[:, 0].max() - 0.3, 2].min()) < 0.1


def soles(model: Model, distance: F8) -> dict[str, F8]:
    """The middle of every foot's sole in the world, (N, 3), as the animal goes along +x."""
    n = len(distance)
    position = np.stack([distance, np.zeros(n), np.zeros(n)], -1)
    upright = np.broadcast_to(np.array([1.0, 0.0, 0.0, 0.0]), (n, 4))
    positions, quaternions = link_poses(model, position, upright, distance, np.full(n, 3.0), np.zeros(n), np.zeros(n))
    found = {}
    for k, link in enumerate(model.links):
        if link.name.endswith("_foot"):
            assert link.mesh is not None
            low = link.mesh.vertices[link.mesh.vertices[:, 2] < link.mesh.vertices[:, 2].min() + 1e-4].astype(float)
            middle = low.mean(0)
            found[link.name.removesuffix("_foot")] = np.stack(
                [transform(positions[i, k], quaternions[i, k], middle[None])[0] for i in range(n)]
            )
    return found


@pytest.mark.parametrize("gait", ["walk", "trot"])
@pytest.mark.parametrize("species", ["dog", "cat", "red_deer", "cow", "horse", "wild_boar"])
def test_feet_that_bear_neither_slip_nor_sink(species: str, gait: str) -> None:
    model = animal(species, gait=gait)
    stride = next(link.joint.stride_m for link in model.links if link.name == "left_hind_upper")
    distance = stride * (1.0 + np.arange(120) / 120)
    for name, sole in soles(model, distance).items():
        phase = (np.arange(120) / 120 - FOOTFALLS[gait][name]) % 1.0
        bears = (phase > 0.03) & (phase < DUTY[gait] - 0.03)
        # what the same footfall leaves on the ground: phases before the wrap belong to the footfall before
        x = sole[:, 0] - np.where(np.arange(120) / 120 < FOOTFALLS[gait][name], 0.0, stride)
        assert np.ptp(x[bears]) < 0.02 + 0.01 * stride, name
        assert np.abs(sole[bears, 2]).max() < 0.02, name
        assert sole[:, 2].min() > -0.025, name
        swings = (phase > DUTY[gait] + 0.1) & (phase < 0.9)
        assert sole[swings, 2].min() > 0.01, name


def test_a_walk_has_two_or_three_feet_on_the_ground_and_a_trot_pairs_diagonals() -> None:
    phase = np.arange(200) / 200
    bearing = {g: np.array([((phase - f) % 1.0) < DUTY[g] for f in FOOTFALLS[g].values()]).sum(0) for g in DUTY}
    assert set(bearing["walk"].tolist()) <= {2, 3}
    assert set(bearing["trot"].tolist()) <= {0, 2}
    assert FOOTFALLS["trot"]["left_hind"] == FOOTFALLS["trot"]["right_fore"]


def test_coats_differ_by_variant_and_any_variant_builds() -> None:
    for species in SPECIES:
        assert animal(species, variant=9999).mass_kg > 1.0
    coats = {dict(animal("dog", variant=v).attributes)["coat"] for v in range(5)}
    assert len(coats) == 5
    heights = [animal("dog", variant=v).size[2] for v in (0, 1, 2)]
    assert heights[2] < 0.75 * heights[1]
    one, two = (animal("cow", variant=v).surfaces[0].skin for v in (0, 4))
    assert one is not None
    assert two is not None
    assert one.color is not None
    assert two.color is not None
    assert (one.color.texels != two.color.texels).mean() > 0.05
    assert animal("red_deer").size[2] > animal("red_deer", variant=1).size[2] + 0.4


@pytest.mark.parametrize(
    ("species", "length", "span"), [("crow", 0.47, 0.93), ("pigeon", 0.33, 0.66), ("gull", 0.4, 1.0)]
)
def test_birds_have_the_length_and_span_of_their_kind(species: str, length: float, span: float) -> None:
    flying = get("asset", "bird")(species=species, pose="flying").build()
    assert flying.size[0] == pytest.approx(length, rel=0.05)
    assert flying.size[1] == pytest.approx(span, rel=0.06)
    standing = get("asset", "bird")(species=species).build()
    assert abs(float(rest_vertices(standing.links)[:, 2].min())) < 0.006
    assert 0.4 * length < standing.size[2] < 0.9 * length


def test_wings_beat_as_a_bird_moves() -> None:
    bird = get("asset", "bird")(pose="flying").build()
    n = 24
    distance = np.linspace(0.0, 2.2, n)
    position = np.stack([distance, np.zeros(n), np.full(n, 5.0)], -1)
    upright = np.broadcast_to(np.array([1.0, 0.0, 0.0, 0.0]), (n, 4))
    p, q = link_poses(bird, position, upright, distance, np.full(n, 8.0), np.zeros(n), np.zeros(n))
    tips = {}
    for name in ("left_hand", "right_hand"):
        k = next(k for k, link in enumerate(bird.links) if link.name == name)
        mesh = bird.links[k].mesh
        assert mesh is not None
        tip = mesh.vertices[np.abs(mesh.vertices[:, 1]).argmax()].astype(float)
        tips[name] = np.stack([transform(p[i, k], q[i, k], tip[None])[0] for i in range(n)])
    assert np.ptp(tips["left_hand"][:, 2]) > 0.2
    np.testing.assert_allclose(tips["left_hand"][:, 2], tips["right_hand"][:, 2], atol=0.02)
