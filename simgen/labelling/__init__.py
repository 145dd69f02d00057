"""From frames and trajectories to labels: where every object is, how much of it is seen, how many points fall on it,
and where people's joints are.
"""

from __future__ import annotations

from simgen.assembly import Assembly
from simgen.labelling.camera import camera_boxes
from simgen.labelling.keypoints import keypoints
from simgen.labelling.lidar import lidar_boxes
from simgen.labelling.radar import radar_boxes
from simgen.records.frames import CameraFrame, Frame, LidarFrame
from simgen.records.radar import RadarFrame
from simgen.records.surroundings import Shot
from simgen.records.trajectory import Trajectory
from simgen.sensors.base import Sensor


def label(frame: Frame, sensor: Sensor, assembly: Assembly, trajectory: Trajectory, shot: Shot) -> Frame:
    """The frame with its boxes; frames that carry no boxes come back as they are."""
    if isinstance(frame, CameraFrame):
        boxes = camera_boxes(frame, sensor, assembly, trajectory, shot)
        if type(frame) is not CameraFrame:
            return frame.replace(boxes=boxes)
        return frame.replace(boxes=boxes, keypoints=keypoints(frame, boxes, sensor, assembly, trajectory, shot))
    if isinstance(frame, LidarFrame):
        return frame.replace(boxes=lidar_boxes(frame, sensor, assembly, trajectory, shot))
    if isinstance(frame, RadarFrame):
        return frame.replace(boxes=radar_boxes(frame, assembly, trajectory, shot))
    return frame


__all__ = ["label"]
