"""Which panels a contact sheet shows, and how many to a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from simgen.records.base import U1

#: title and picture, (H, W, 3) u1 RGB
Panel = tuple[str, U1]
#: panels in rows of so many columns
Block = tuple[list[Panel], int]

#: with more sensors than these only the principal panel of each is drawn
FEW: Final = 6
COLUMNS: Final = 4


def blocks_of(panels: Mapping[str, list[Panel]], cameras: Collection[str], *, every: bool) -> list[Block]:
    """The blocks of a sheet, given the panels of each sensor by its name.

    Of a few sensors every panel is shown, four to a row, each sensor on rows of its own (those of one panel share
    theirs). Of more than :data:`FEW` only the principal one is (unless ``every`` is set): ``cameras`` first, then all
    others, in rows as even as can be.
    """
    if every or len(panels) <= FEW:
        return [(found, COLUMNS) for found in _together(list(panels.values()))]
    pictures = [_boxes_first(panels[name]) for name in panels if name in cameras]
    return [_block(pictures), _block([found for name, found in panels.items() if name not in cameras])]


def _together(panels: list[list[Panel]]) -> list[list[Panel]]:
    """Sensors of one panel each that follow one another share their rows."""
    rows: list[list[Panel]] = []
    for k, found in enumerate(panels):
        if k > 0 and len(found) == 1 and len(panels[k - 1]) == 1:
            rows[-1] = rows[-1] + found
        else:
            rows.append(found)
    return rows


def _block(panels: list[list[Panel]]) -> Block:
    """The first panel of each sensor; room that would stay empty in the last row shows more of them."""
    first, columns = [found[0] for found in panels], even_columns(len(panels))
    more = [panel for found in panels for panel in found[1:]]
    return first + more[: -len(first) % columns], columns


def even_columns(count: int) -> int:
    """How many of so many panels stand in a row, three or four: rows filled alike, six as three and three."""
    rows = -(-count // COLUMNS)
    return max(-(-count // max(rows, 1)), COLUMNS - 1)


def _boxes_first(panels: list[Panel]) -> list[Panel]:
    """The panels of a camera with the one with boxes first, for it shows most, and without the bare picture if so."""
    boxed = [panel for panel in panels if "boxes" in panel[0]]
    return boxed + [panel for panel in panels[1:] if not any(panel is b for b in boxed)] if boxed else panels


__all__ = ["COLUMNS", "FEW", "Block", "Panel", "blocks_of", "even_columns"]
