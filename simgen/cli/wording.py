"""Words that several commands share."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 frame``, ``1,200 frames``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
