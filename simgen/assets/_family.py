"""What families of things share: a kind, a variant, and one builder for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from simgen.assets.base import Asset
from simgen.records.model import Model
from simgen.registry import param
from simgen.rng import Stream, stream
from simgen.shapes.colors import Color, linear

#: a kind's builder: its draws, and the variant that pictures are drawn for
Maker = Callable[[Stream, int], Model]


@dataclass(frozen=True, kw_only=True)
class Family(Asset):
    """Things of a kind; size, colours and pictures follow from the variant."""

    variant: int = param(0, ge=0, le=9999, doc="which one of its kind: draws size, colours and pictures")

    kinds: ClassVar[Mapping[str, Maker]] = {}

    def build(self) -> Model:
        """The variant of the kind."""
        kind = str(getattr(self, "kind"))  # noqa: B009 - every family declares its own choices
        return self.kinds[kind](stream(self.variant, "asset", self.plugin_name, kind), self.variant)


#: colours of cheap and cheerful plastics, lacquers and glazes
BRIGHT: tuple[Color, ...] = (
    linear(196, 30, 34), linear(226, 96, 20), linear(240, 190, 30), linear(60, 150, 60), linear(24, 110, 80),
    linear(30, 120, 190), linear(24, 50, 130), linear(110, 50, 130), linear(214, 80, 130), linear(40, 160, 170),
)  # fmt: skip
#: colours of crockery and furniture
CALM: tuple[Color, ...] = (
    linear(238, 236, 230), linear(226, 218, 200), linear(200, 206, 208), linear(140, 160, 172), linear(96, 116, 104),
    linear(172, 120, 92), linear(60, 66, 78), linear(30, 32, 36), linear(206, 176, 150), linear(120, 60, 52),
)  # fmt: skip


def one_of(rng: Stream, colors: tuple[Color, ...]) -> Color:
    """One of the colours."""
    return colors[int(rng.integers(len(colors)))]


def between(rng: Stream, low: float, high: float) -> float:
    """A length or a share, even between two."""
    return float(rng.uniform(low, high))


__all__ = ["BRIGHT", "CALM", "Family", "Maker", "between", "one_of"]
