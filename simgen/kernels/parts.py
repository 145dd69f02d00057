"""Compiling less: inner functions as parts, which are made into machine code only inside of the kernels they end up in.

numba compiles a function that others call as if Python called it too: it is optimised with all it calls, made into
machine code, and once more, as part of each caller; and it is compiled anew for every constant that it is called with.
An inner function needs neither. It is kept as it was lowered, linked into its callers, and optimised once, with the
whole kernel; a constant argument is a number like any other (what is inlined still knows it). Kernels give the same
bits; a first start takes a fifth less processor time (``benchmarks/README.md``).
"""

from __future__ import annotations

from typing import Any

from numba.core import types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import LoweringPass, register_pass
from numba.core.registry import CPUDispatcher
from numba.core.typed_passes import NoPythonSupportedFeatureValidation

from simgen.kernels import target

# the first dispatcher has numba make its code generator: most files that have parts do not import kernels.jit before
target.settle()


class _NoEnvironments:
    """numba's code generator, but for what it writes into a function's machine code, which a part has not."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, environment: object) -> None:
        """Nowhere to write it. Kernels from the disk have none of their inner functions' either."""


class _Part(JITCodeLibrary):
    """Code that waits for the kernel that it will be a part of."""

    @property
    def codegen(self) -> Any:
        """For code that is not in memory."""
        return _NoEnvironments(self._codegen)

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """With the kernel's."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """None, which numba allows for."""
        self._ensure_finalized()
        return 0


@register_pass(mutates_CFG=False, analysis_only=False)
class _IntoPart(LoweringPass):
    """Let the function be lowered into a part."""

    _name = "into_part"

    def __init__(self) -> None:
        LoweringPass.__init__(self)

    def run_pass(self, state: Any) -> bool:
        """Set the library that numba would make otherwise."""
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return True


class _PartCompiler(CompilerBase):
    def define_pipelines(self) -> list[Any]:
        """The passes of numba's own, and one more."""
        passes: Any = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_IntoPart, NoPythonSupportedFeatureValidation)
        passes.finalize()
        return [passes]


class PartDispatcher(CPUDispatcher):
    """A function for kernels alone, compiled once for all constants of a type. Python cannot call it."""

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        super().__init__(function, {}, {"nopython": True, **options}, pipeline_class=_PartCompiler)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """As numba's, with constants' types as those of numbers."""
        plain = tuple(types.unliteral(kind) for kind in args)
        return super().get_call_template(plain, {name: types.unliteral(kind) for name, kind in kws.items()})

    def add_overload(self, cres: Any) -> None:
        """Keep a version where kernels look for it, not where calls from Python do."""
        self.overloads[tuple(cres.signature.args)] = cres

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        raise TypeError(f"{self.py_func.__name__} is for kernels: call it from one")
