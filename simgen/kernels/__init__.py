"""Fused numba kernels: small stage functions on contiguous arrays, called per tile, serial and without the GIL."""
