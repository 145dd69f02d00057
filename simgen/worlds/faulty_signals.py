"""Another world whose traffic lights are out of order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from simgen import registry
from simgen.errors import UserError
from simgen.records.layout import WorldLayout
from simgen.records.roads import Signal
from simgen.registry import param, register, suggest
from simgen.worlds.base import World


def _crossing() -> World:
    world = registry.get("world", "intersection")()
    assert isinstance(world, World)
    return world


@register("world", "faulty_signals")
@dataclass(frozen=True, kw_only=True)
class FaultySignals(World):
    """Any other world with traffic lights that are dark, flash yellow (1 Hz), or show green to all.

    ``dark`` and ``flashing_yellow``: nobody obeys them; right of way by sign, or to the right, holds. ``conflicting``:
    they go on, but all run in step from the sequence's start (a fault that conflict monitors exist to catch: NEMA
    TS 2), and drivers believe them. ``phase_s`` is then how far into green they begin.
    """

    of: World = field(default_factory=_crossing, metadata={"doc": "the world whose lights they are"})
    fault: str = param("dark", doc="what is wrong", choices=("dark", "flashing_yellow", "conflicting"))
    signals: tuple[str, ...] = param((), doc="names of the signals (groups of lights) concerned; none = all")
    phase_s: float = param(0.0, ge=0.0, doc="conflicting: how far into their green the sequence begins")

    def build(self, seed: int) -> WorldLayout:
        """The other world, its signals changed.

        Raises:
            UserError: it has no signals, or none of such a name.
        """
        layout = self.of.build(seed)
        known = tuple(s.name for s in layout.map.signals)
        if not known:
            raise UserError(f"faulty_signals: the world {self.of.plugin_name!r} has no traffic lights")
        for name in self.signals:
            if name not in known:
                raise UserError(f"faulty_signals: no signal {name!r}{suggest(name, known)}")
        changed = tuple(self._changed(s) if s.name in (self.signals or known) else s for s in layout.map.signals)
        return replace(layout, map=replace(layout.map, signals=changed))

    def _changed(self, signal: Signal) -> Signal:
        if self.fault == "conflicting":
            return replace(signal, offset_s=self.phase_s)
        return replace(signal, fault=self.fault)
