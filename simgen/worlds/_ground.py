"""Building blocks of worlds: those of :mod:`simgen.shapes.ground_parts`, under the name worlds know."""

from simgen.shapes.ground_parts import Ground, dashes, quarter_turns, rectangle

__all__ = ["Ground", "dashes", "quarter_turns", "rectangle"]
