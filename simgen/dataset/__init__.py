"""Datasets in HDF5: written frame by frame, read lazily. The only home of h5py."""

import simgen.records.radar  # noqa: F401 - the reader finds record classes by name
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
