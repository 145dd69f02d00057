"""Functions in single precision against float64, over all that they are for; and that their loops are vectors."""

import re

import numpy as np
import pytest

from simgen.kernels.half import halve_normals
from simgen.kernels.jit import device, kernel
from simgen.kernels.noise import straight_draws
from simgen.kernels.single import acos_single, circle_single, log_single
from simgen.rng import stream


@kernel
def _fill(what, given, out):
    for k in range(given.shape[0]):
        if what == 0:
            out[k, 0] = log_single(given[k])
        elif what == 1:
            out[k, 0] = acos_single(given[k])
        else:
            out[k, 0], out[k, 1] = circle_single(given[k])


@device  # what comes from the disk cache cannot be inspected
def _draws(key, out):
    for k in range(out.shape[0]):
        out[k] = straight_draws(key, k, 0)[0]


def values(what: int, given: np.ndarray) -> np.ndarray:
    out = np.zeros((len(given), 2), np.float32)
    _fill(what, given, out)
    return out.astype(np.float64)


def test_logarithm():
    u = np.arange(1, 2**24 + 1, 7, dtype=np.float32) * np.float32(2.0**-24)
    for given in (u, np.float32(1.0) + u, np.geomspace(1e-37, 1e38, 100_000, dtype=np.float32)):
        wanted = np.log(given.astype(np.float64))
        assert (np.abs(values(0, given)[:, 0] - wanted) <= 2.0 * np.spacing(np.abs(wanted).astype(np.float32))).all()
    assert values(0, np.ones(1, np.float32))[0, 0] == 0.0


def test_circle():
    turn = np.arange(0, 2**24, 5, dtype=np.float32) * np.float32(2.0**-24)
    angle = 2.0 * np.pi * turn.astype(np.float64)
    found = values(2, turn)
    np.testing.assert_allclose(found, np.stack([np.cos(angle), np.sin(angle)], -1), atol=1e-7)


def test_arc_cosine():
    cosine = np.append(np.linspace(0.0, 1.0, 1_000_000), 1.0 - np.geomspace(1e-7, 1e-2, 1000)).astype(np.float32)
    found = values(1, cosine)[:, 0]
    np.testing.assert_allclose(found, np.arccos(cosine.astype(np.float64)), atol=3e-7)
    assert values(1, np.ones(1, np.float32))[0, 0] == 0.0


def test_loops_of_draws_are_vectors():
    _draws(np.uint64(1), np.zeros(8, np.float32))
    (code,) = _draws.inspect_asm().values()
    if not re.search(r"%[xyz]mm", code):
        pytest.skip("not an x86 processor")
    assert re.search(r"v?sqrtps\s", code)


def test_halves_are_numpy_s():
    bits = np.concatenate(
        [stream(5, "half").integers(0, 2**32, 400_000, np.uint32), np.arange(0x33000000, 0x39000000, 257, np.uint32)]
    )
    values = bits[: len(bits) // 3 * 3].view(np.float32).reshape(-1, 3)
    out = np.zeros(values.shape, np.uint16)
    halve_normals(0, len(values), np.concatenate([values[:, :1], values], 1), out)
    with np.errstate(over="ignore", invalid="ignore"):
        wanted = values.astype(np.float16)
    nan = np.isnan(values)
    assert np.isnan(out.view(np.float16)[nan]).all()
    np.testing.assert_array_equal(out[~nan], wanted.view(np.uint16)[~nan])
