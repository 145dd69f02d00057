"""The content hash that was stored is that of the content."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simgen.checks.base import Finding, Rule, SequenceLook, count_wrong


@dataclass(frozen=True, kw_only=True)
class ContentHash(Rule):
    """Hashing every stored array again gives the stored ``content_hash``."""

    name = "content_hash"

    def sequence(self, look: SequenceLook) -> Finding:
        """Read and hash everything."""
        stored, found = look.stored.content_hash, look.stored.compute_hash()
        return count_wrong(np.array([stored != found]), lambda _: f"stored {stored[:23]}..., content {found[:23]}...")
