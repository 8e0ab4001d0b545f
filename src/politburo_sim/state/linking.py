"""How rules become one program: a rule is translated once, and optimised with all that it calls.

numba optimises each compiled function together with everything below it and turns that into machine
code: a rule ten calls deep ten times over, and anew for each constant that a caller writes. Here a
rule is first a *part*, typed and translated and nothing more, which other rules call. What Python
calls is a *whole*: its part and those below are linked, optimised and made machine code together.
Results are the same.
"""

from __future__ import annotations

from typing import Any

from numba import __version__, njit
from numba import core as _core

core: Any = _core

#: Releases of numba whose insides these are. On any other a rule is compiled as numba does by
#: itself: the same results, after a longer time.
KNOWN = ("0.68",)


class Part(core.codegen.JITCodeLibrary):  # type: ignore[misc]
    """Code of one rule as it was translated, without what it calls."""

    def finalize(self) -> None:
        """Nothing more is added; nothing is linked yet."""
        self._finalized = True


class PartCompiler(core.compiler.Compiler):  # type: ignore[misc]
    """Compiles a rule into a part, which Python cannot call."""

    def compile_extra(self, function: Any) -> Any:
        """Compile a Python function."""
        self.state.flags.no_compile = True
        self.state.flags.no_cpython_wrapper = True
        self.state.library = Part(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


def below(library: Any) -> list[Any]:
    """All that a part calls, and what that calls, each once."""
    found: dict[Any, None] = {}
    ahead = [library]
    while ahead:
        for called in ahead.pop()._linking_libraries:
            if called not in found:
                found[called] = None
                ahead.append(called)
    return list(found)


def linked(whole: Any, **options: Any) -> Any:
    """Have a compiled function called by Python as a whole, and by others like it as a part."""
    if __version__.rpartition(".")[0] not in KNOWN:
        return whole
    part = njit(**{**options, "cache": False}, pipeline_class=PartCompiler)(whole.py_func)

    def add_part(result: Any) -> None:
        library = result.library
        result.target_context.insert_user_function(library, result.fndesc, [library])
        part.overloads[tuple(result.signature.args)] = result._replace(entry_point=library)

    def as_part(kinds: Any, named: Any) -> Any:
        named = {name: core.types.unliteral(kind) for name, kind in named.items()}
        return part.get_call_template([core.types.unliteral(kind) for kind in kinds], named)

    def finish(kinds: Any, returned: Any) -> Any:
        part.compile(kinds)
        result = part.overloads[tuple(kinds)]
        context, made, env = result.target_context, result.fndesc, result.environment
        library = context.codegen().create_library(result.library.name)
        library.enable_object_caching()
        library.add_llvm_module(result.library._final_module.clone())
        for called in below(result.library):
            library.add_linking_library(called)
        context.create_cpython_wrapper(
            library, made, env, result.call_helper, release_gil=options["nogil"]
        )
        entry = context.get_executable(library, made, env)
        return result._replace(library=library, entry_point=entry, metadata={})

    part.add_overload = add_part
    whole.get_call_template, whole.get_overload = as_part, part.get_overload
    whole._compiler.compile = finish
    whole.part = part
    return whole
