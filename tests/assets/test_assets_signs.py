"""Traffic signs: sizes of the conventions, colours where they belong, faces the right way round, wear that shows."""

from __future__ import annotations

import numpy as np
import pytest

from simgen.assets._canvas import Canvas, arrow, disc, fill
from simgen.assets._signs_us import UNITED_STATES
from simgen.assets._signs_vienna import VIENNA
from simgen.assets.traffic_sign import KINDS, SETS
from simgen.errors import UserError
from simgen.records.model import Model
from simgen.registry import get
from simgen.shapes.signs import OUTLINES, board, regular, rounded
from simgen.shapes.soup import open_edges, signed_volume

INCH = 0.0254


def sign(kind: str, **parameters: object) -> Model:
    model = get("asset", "traffic_sign")(kind=kind, **parameters).build()
    assert isinstance(model, Model)
    return model


def pixels(model: Model, which: int = 0) -> np.ndarray:
    """The whole picture (H, W, 3) of a sign's printed surface."""
    skins = [s.skin for s in model.surfaces if s.skin is not None]
    picture = skins[which].color
    assert picture is not None
    width, height = picture.sizes[0]
    return picture.texels[: width * height, :3].reshape(height, width, 3).astype(int)


def test_enough_signs() -> None:
    assert len(VIENNA) >= 60
    assert len(UNITED_STATES) >= 30
    assert {*VIENNA, *UNITED_STATES} == set(KINDS)


@pytest.mark.parametrize(
    ("which", "kind", "width"),
    [
        ("vienna", "danger", 0.9),
        ("vienna", "speed_50", 0.6),
        ("vienna", "parking", 0.6),
        ("vienna", "stop", 0.9),
        ("us", "stop", 30 * INCH),
        ("us", "yield", 36 * INCH),
        ("us", "speed_limit", 24 * INCH),
        ("us", "one_way", 36 * INCH),
        ("us", "curve_left", 30 * INCH * 2**0.5),
        ("us", "school", 36 * INCH),
    ],
)
def test_plates_have_the_sizes_of_the_conventions(which: str, kind: str, width: float) -> None:
    # corners are round: triangles and diamonds end a little before their tips
    assert sign(kind, set=which).size[1] == pytest.approx(width, rel=0.08)
    assert sign(kind, set=which, size="small").size[1] == pytest.approx(0.7 * width, rel=0.08)


def test_a_us_speed_limit_is_24_by_30_inches() -> None:
    model = sign("speed_45", set="us")
    mesh = model.links[0].mesh
    assert mesh is not None
    front = mesh.vertices[mesh.vertices[:, 0] > 0.0415]
    assert np.ptp(front[:, 2]) == pytest.approx(30 * INCH, rel=0.01)


@pytest.mark.parametrize("which", SETS)
def test_every_sign_builds_within_its_budget_and_shines_back(which: str) -> None:
    for kind in SETS[which]:
        model = sign(kind, set=which)
        mesh = model.links[0].mesh
        assert mesh is not None
        assert mesh.uv is not None
        assert len(mesh.triangles) < 700
        printed = [s for s in model.surfaces if s.skin is not None]
        assert printed, kind
        assert all(s.retro >= 0.2 for s in printed)
        assert float(mesh.uv.min()) > -1e-4
        assert float(mesh.uv.max()) < 1.0001
        # printed, not blank
        assert pixels(model).reshape(-1, 3).std(0).max() > 10.0, kind


def test_letters_read_from_ahead() -> None:
    # who looks along -x has +y on the right: u grows with y, v with z
    mesh = sign("parking").links[0].mesh
    assert mesh is not None
    assert mesh.uv is not None
    front = (mesh.normals[:, 0] > 0.99) & (mesh.vertices[:, 0] > 0.0415)
    p, uv = mesh.vertices[front], mesh.uv[front]
    assert np.corrcoef(p[:, 1], uv[:, 0])[0, 1] > 0.999
    assert np.corrcoef(p[:, 2], uv[:, 1])[0, 1] > 0.999
    # the bowl of the P is above, its stem on the left
    white = pixels(sign("parking"))[40:-40, 40:-40].min(-1) > 180
    rows, cols = white.shape
    assert white[: rows // 2].sum() > 1.3 * white[rows // 2 :].sum()
    assert white[rows // 2 :, : cols // 2].sum() > 3 * white[rows // 2 :, cols // 2 :].sum()


def test_colours_stand_where_they_should() -> None:
    red = pixels(sign("no_entry"))
    middle, low = red[128, 128], red[200, 128]
    assert middle.min() > 200
    assert low[0] > 150
    assert low[1] < 60
    blue = pixels(sign("ahead_only"))[128, 50]
    assert blue[2] > 120
    assert blue[0] < 60
    yellow = pixels(sign("merge", set="us"))[128, 40]
    assert yellow[0] > 200
    assert yellow[2] < 60
    arrow_up = pixels(sign("curve_left", set="us"))[60:196, 60:196].max(-1) < 60
    # the arrow's head is on the left
    assert arrow_up[:40].nonzero()[1].mean() < 0.5 * arrow_up.shape[1] - 10


def test_left_mirrors_right() -> None:
    left, right = pixels(sign("curve_left")), pixels(sign("curve_right"))
    assert np.abs(left[:, ::-1] - right).mean() < 4.0


def test_numbers_and_words_are_drawn() -> None:
    assert np.abs(pixels(sign("speed_limit", text="35")) - pixels(sign("speed_limit", text="85"))).max() > 100
    np.testing.assert_array_equal(pixels(sign("speed_limit", text="50")), pixels(sign("speed_50")))
    with pytest.raises(UserError, match="plain ASCII"):
        get("asset", "traffic_sign")(kind="town", text="Köln")


def test_the_wrong_set_is_refused_with_a_way_out() -> None:
    with pytest.raises(UserError, match="'us' has no sign 'priority'; 'vienna' has it: write set: vienna"):
        get("asset", "traffic_sign")(kind="priority", set="us")
    with pytest.raises(UserError, match="did you mean 'stop'"):
        get("asset", "traffic_sign")(kind="stopp")


def test_two_signs_and_a_plate_hang_below_each_other() -> None:
    model = sign("no_overtaking", second="speed_70", plate="2 km")
    mesh = model.links[0].mesh
    assert mesh is not None
    printed = [k for k, s in enumerate(model.surfaces) if s.skin is not None]
    assert len(printed) == 3
    spans = []
    for k in printed:
        z = mesh.vertices[mesh.triangles[mesh.surface == k].reshape(-1), 2]
        spans.append((z.min(), z.max()))
    assert spans[0][0] > spans[1][1]
    assert spans[1][0] > spans[2][1]
    assert spans[2][0] > 1.0
    with pytest.raises(UserError, match="reach the ground"):
        get("asset", "traffic_sign")(kind="stop", second="stop", plate="x", height_m=1.2).build()


def test_wear_shows_and_is_drawn_from_the_variant() -> None:
    new, old = sign("stop"), sign("stop", faded_share=1.0)
    assert pixels(old)[40, 128, 1] > pixels(new)[40, 128, 1] + 40
    printed_new, printed_old = (next(s for s in m.surfaces if s.skin is not None) for m in (new, old))
    assert printed_old.retro < 0.5 * printed_new.retro
    one, two = (pixels(sign("stop", defaced_share=0.8, variant=v)) for v in (1, 2))
    assert (np.abs(one - two).max(-1) > 40).mean() > 0.01
    assert (np.abs(one - pixels(new)).max(-1) > 40).mean() > 0.02
    assert sign("stop", variant=9999).size[2] == pytest.approx(new.size[2], abs=0.03)


def test_a_board_is_closed_and_a_round_corner_stays_inside() -> None:
    for outline in OUTLINES.values():
        soup = board(outline * 0.3, 0.04)
        assert open_edges(soup) == 0
        assert signed_volume(soup) > 0.0
        assert 0.9 < np.abs(outline[:, 0]).max() <= 1.2
    square = rounded(regular(4, 2**0.5, 45.0), 0.2)
    assert np.abs(square).max() == pytest.approx(1.0, abs=1e-9)


def test_a_canvas_fills_what_it_is_told() -> None:
    canvas = Canvas((-1.0, -1.0), (1.0, 1.0), (0, 0, 0), 128)
    canvas.draw([disc(0.0, 0.0, 0.5)], (255, 255, 255))
    share = canvas.rgba()[..., 0].mean() / 255.0
    assert share == pytest.approx(np.pi * 0.25 / 4.0, rel=0.02)
    canvas = Canvas((-1.0, -1.0), (1.0, 1.0), (0, 0, 0), 128)
    canvas.draw([fill((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))], (255, 255, 255))
    # the upper right quarter
    assert canvas.rgba()[:64, 64:, 0].mean() > 250.0
    assert canvas.rgba()[64:, :, 0].mean() < 5.0
    # a bent arrow keeps its width round the bend
    canvas = Canvas((-1.0, -1.0), (1.0, 1.0), (0, 0, 0), 128)
    canvas.draw(arrow(0.2, [[-0.8, -0.8], [-0.8, 0.5], [0.8, 0.5]]), (255, 255, 255))
    assert canvas.rgba()[:, :, 0].mean() / 255.0 == pytest.approx((0.2 * 2.4 + 0.5 * 0.52 * 0.442) / 4.0, rel=0.1)
