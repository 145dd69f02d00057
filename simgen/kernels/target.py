"""Which processor kernels are compiled for: not the one at hand, but the least that all of a kind have.

Machine code for x86-64-v3 (AVX2 and FMA: Intel since 2013, AMD since 2015) runs on every such computer and is the same
on all, so a wheel can carry it (:mod:`~simgen.kernels.shipped`) and a cluster of unlike nodes compiles once for its
shared home. It cost no speed that could be measured on a Zen 3, and Embree looks at the processor itself. An older or
other processor gets code of its own. numba has one setting for a process: what else is compiled there with numba is for
that kind, too, unless it was first or ``NUMBA_CPU_NAME`` says otherwise.

The level and what it needs are those of the psABI, System V Application Binary Interface, AMD64, section 3.1.1.
"""

from __future__ import annotations

from typing import Any, Final

import numba
from llvmlite import binding
from numba.core.registry import cpu_target

BASELINE: Final = "x86-64-v3"
_NEEDS: Final = (
    *("cx16", "sahf", "popcnt", "sse3", "sse4.1", "sse4.2", "ssse3"),
    *("avx", "avx2", "bmi", "bmi2", "f16c", "fma", "lzcnt", "movbe", "xsave"),
)


def settle() -> None:
    """Have numba compile for :data:`BASELINE`, where that runs, nobody wants another, and nothing is compiled yet."""
    settings: Any = numba.config
    asked = settings.CPU_NAME is not None or settings.CPU_FEATURES is not None or not settings.ENABLE_AVX
    # numba makes its code generator once, for the processor that is set then
    begun = "_toplevel_target_context" in vars(cpu_target)
    if not asked and not begun and has_baseline():
        settings.CPU_NAME, settings.CPU_FEATURES = BASELINE, ""


def has_baseline() -> bool:
    """Whether code for :data:`BASELINE` runs here."""
    if not binding.get_process_triple().startswith("x86_64"):
        return False
    features = binding.get_host_cpu_features()
    return all(features.get(name) for name in _NEEDS)


def name() -> str:
    """What is compiled for: two computers where it is the same can use each other's code."""
    settings: Any = numba.config
    cpu = settings.CPU_NAME or binding.get_host_cpu_name()
    features = settings.CPU_FEATURES
    if features is None:
        features = binding.get_host_cpu_features().flatten()
    return f"{binding.get_process_triple()} {cpu} {features} {settings.ENABLE_AVX}"
