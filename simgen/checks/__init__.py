"""The rules that a dataset must satisfy, checked from the file alone."""

from simgen.checks.base import Finding, FrameLook, Rule, SequenceLook
from simgen.checks.run import RULES, Report, Result, run_checks

__all__ = [
    "RULES",
    "Finding",
    "FrameLook",
    "Report",
    "Result",
    "Rule",
    "SequenceLook",
    "run_checks",
]
