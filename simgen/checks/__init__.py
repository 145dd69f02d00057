"""The rules that a dataset must satisfy, checked from the file alone; and what became of a scene's constraints."""

from simgen.checks.base import Finding, FrameLook, Rule, SequenceLook
from simgen.checks.measure import KINDS, measure
from simgen.checks.run import RULES, Report, Result, run_checks

__all__ = [
    "KINDS",
    "RULES",
    "Finding",
    "FrameLook",
    "Report",
    "Result",
    "Rule",
    "SequenceLook",
    "measure",
    "run_checks",
]
