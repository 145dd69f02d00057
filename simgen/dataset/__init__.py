"""Datasets in HDF5: written frame by frame, read lazily. The only home of h5py."""

# frames come back as their records only if the classes are loaded
import simgen.records.depth_frames
import simgen.records.events
import simgen.records.navigation
import simgen.records.radar
import simgen.records.tactile
import simgen.records.thermal
import simgen.records.ultrasonic  # noqa: F401
from simgen.dataset.describe import ActorInfo, SensorInfo, SequenceInfo
from simgen.dataset.folder import finished_sequences, merge, write_index
from simgen.dataset.frameset import FrameSet
from simgen.dataset.reader import Dataset, StoredSequence, open_dataset
from simgen.dataset.samples import FrameSamples
from simgen.dataset.writer import DatasetWriter, SequenceWriter

__all__ = [
    "ActorInfo",
    "Dataset",
    "DatasetWriter",
    "FrameSamples",
    "FrameSet",
    "SensorInfo",
    "SequenceInfo",
    "SequenceWriter",
    "StoredSequence",
    "finished_sequences",
    "merge",
    "open_dataset",
    "write_index",
]
