"""Chunks of any kind of values come back by HDF5's own filters; noise is stored, what shrinks is packed."""

import zlib

import h5py
import numpy as np
import pytest

from simgen.dataset.chunks import deflated, inflated, noisy_planes, shuffled, unshuffled
from simgen.rng import stream

COUNT = 65_536


def noise(dtype: str) -> np.ndarray:
    """Measured values: every digit that the type holds."""
    return stream(3, "chunk").uniform(1.0, 2.0, COUNT).astype(dtype)


VALUES = {
    "noise f4": noise("f4"),
    "noise f8": noise("f8"),
    "noise f2": noise("f2"),
    "points": noise("f4")[: COUNT // 3 * 3].reshape(-1, 3),
    "steps": np.round(noise("f4") * 4.0) / np.float32(4.0),
    "zeros": np.zeros(COUNT, np.float32),
    "short": noise("f4")[:100],
    "none": noise("f4")[:0],
    "integers": stream(4, "chunk").integers(0, 2**31, COUNT).astype(np.int32),
    "bytes": stream(5, "chunk").integers(0, 256, COUNT).astype(np.uint8),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_chunk_is_a_stream_that_zlib_reads(name):
    data = VALUES[name]
    packed = deflated(data)
    assert zlib.decompress(packed) == shuffled(data).tobytes()
    np.testing.assert_array_equal(inflated(packed, data.dtype, data.shape), data)


@pytest.mark.parametrize(
    ("name", "planes"), [("noise f4", 2), ("noise f8", 6), ("points", 2), ("steps", 0), ("zeros", 0), ("short", 0)]
)
def test_which_bytes_are_noise(name, planes):
    assert noisy_planes(shuffled(VALUES[name])) == planes


@pytest.mark.parametrize("name", ["noise f4", "noise f8", "points", "steps"])
def test_storing_noise_costs_no_room(name):
    data = VALUES[name]
    assert len(deflated(data)) <= 1.01 * len(zlib.compress(shuffled(data), 1))


def test_hdf5_reads_stored_noise(tmp_path):
    data = VALUES["points"]
    with h5py.File(tmp_path / "noise.h5", "w") as file:
        options = {"compression": "gzip", "shuffle": True}
        dataset = file.create_dataset("points", data.shape, data.dtype, chunks=data.shape, **options)
        dataset.id.write_direct_chunk((0, 0), deflated(data))
    with h5py.File(tmp_path / "noise.h5") as file:
        np.testing.assert_array_equal(file["points"][()], data)


@pytest.mark.parametrize("dtype", ["u1", "u2", "f2", "i4", "f4", "i8", "f8"])
@pytest.mark.parametrize("count", [0, 1, 1000, 100_001])
def test_bytes_are_sorted_by_their_place_in_the_value_and_back(dtype, count):
    data = stream(6, "chunk").integers(0, 256, count * np.dtype(dtype).itemsize).astype(np.uint8).view(dtype)
    planes = b"".join(data.tobytes()[k :: data.itemsize] for k in range(data.itemsize))
    assert shuffled(data).tobytes() == planes
    back = unshuffled(planes, data.dtype, data.shape)
    assert back.tobytes() == data.tobytes()
    assert back.dtype == data.dtype
    assert back.flags.writeable


def test_noise_that_hardly_shrinks_is_stored(tmp_path):
    # 15 of 16 values of the last byte are possible: packing could save 2 %
    data = (stream(7, "chunk").integers(0, 240, COUNT)).astype(np.float32).view(np.uint32)
    data = (data | stream(8, "chunk").integers(0, 240, COUNT).astype(np.uint32)).view(np.float32)
    assert noisy_planes(shuffled(data)) == 1
    np.testing.assert_array_equal(inflated(deflated(data), data.dtype, data.shape), data)
