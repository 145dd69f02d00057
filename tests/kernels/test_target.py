"""Kernels are compiled for a kind of processor, unless somebody asks for another or numba has begun already."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from llvmlite import binding

from simgen.kernels import target

TELL = """
from simgen.kernels import jit, target
from numba.core.registry import cpu_target
print("|".join(cpu_target.target_context.codegen().magic_tuple()[1:]), target.name(), sep="\\n")
"""


def told(before: str = "", **environment: str) -> list[str]:
    """What numba compiles for, name and features, and the name of the target."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    command = [sys.executable, "-c", before + TELL]
    answer = subprocess.run(command, env={**kept, **environment}, capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()


needs_baseline = pytest.mark.skipif(not target.has_baseline(), reason="a processor without AVX2")


@needs_baseline
@pytest.mark.parametrize("first", ["jit", "parts", "texture_noise", "pose", "single", "native", "moving", "quicker"])
def test_code_is_for_every_computer_of_the_kind(first: str) -> None:
    """Whichever module is imported first."""
    compiled_for, name = told(f"import simgen.kernels.{first}\n")
    assert compiled_for == "x86-64-v3|"
    assert "x86-64-v3" in name


def test_another_wish_is_respected() -> None:
    assert told(NUMBA_CPU_NAME="x86-64-v2", NUMBA_CPU_FEATURES="")[0] == "x86-64-v2|"
    assert "x86-64-v2" in told(NUMBA_CPU_NAME="x86-64-v2", NUMBA_CPU_FEATURES="")[1]
    assert not told(NUMBA_ENABLE_AVX="0")[0].startswith("x86-64")


def test_numba_that_has_begun_is_left_alone() -> None:
    """Its generator is made for this processor: its code must not be filed as that of the kind."""
    compiled_for, name = told("import numba\nnumba.njit(lambda x: x)(1)\n")
    assert compiled_for.split("|")[0] == binding.get_host_cpu_name()
    assert f" {binding.get_host_cpu_name()} " in name


@pytest.mark.parametrize("lacking", ["avx2", "fma", "movbe"])
def test_an_older_processor_gets_code_of_its_own(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    features = dict.fromkeys(target._NEEDS, True)
    monkeypatch.setattr(binding, "get_process_triple", lambda: "x86_64-unknown-linux-gnu")
    monkeypatch.setattr(binding, "get_host_cpu_features", lambda: features)
    assert target.has_baseline()
    features[lacking] = False
    assert not target.has_baseline()


def test_another_architecture_has_no_such_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binding, "get_process_triple", lambda: "aarch64-unknown-linux-gnu")
    assert not target.has_baseline()
