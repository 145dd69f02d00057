"""Generating datasets: plan sequences, run them here or in worker processes, resume, write, measure."""

from simgen.generate.plan import Job, plan
from simgen.generate.replay import Replay, replay
from simgen.generate.run import Report, generate
from simgen.generate.sequence import SequenceReport, write_sequence

__all__ = ["Job", "Replay", "Report", "SequenceReport", "generate", "plan", "replay", "write_sequence"]
