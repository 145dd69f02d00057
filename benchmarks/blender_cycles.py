"""Renders a scene that ``bench_quality.py`` wrote with Blender Cycles, and says how long it took.

Run by a Python that can import ``bpy``: ``python blender_cycles.py FOLDER SAMPLES THREADS``. One mesh with a Principled
material a surface (colour, roughness, metal, emission, no textures), a sun of the same width, the sky as an environment
texture. Cycles on the CPU, its own denoiser, as many bounces as it takes by default for diffuse light: two here.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import bpy
import numpy as np
from mathutils import Quaternion, Vector

#: cd/m2 that Blender's 1 stands for
_UNIT = 1000.0


def material(k: int, data: dict) -> bpy.types.Material:
    """A Principled material."""
    made = bpy.data.materials.new(f"surface{k}")
    made.use_nodes = True
    node = made.node_tree.nodes["Principled BSDF"]
    node.inputs["Base Color"].default_value = (*data["color"][k].tolist(), 1.0)
    node.inputs["Roughness"].default_value = float(data["roughness"][k])
    node.inputs["Metallic"].default_value = float(data["metallic"][k])
    if data["transmission"][k] > 0.0:
        node.inputs["Alpha"].default_value = 1.0 - float(data["transmission"][k])
    strength = float(data["emission"][k].max())
    if strength > 0.0:
        node.inputs["Emission Color"].default_value = (*(data["emission"][k] / strength).tolist(), 1.0)
        node.inputs["Emission Strength"].default_value = strength / _UNIT
    return made


def mesh(data: dict) -> None:
    """All triangles as one object."""
    made = bpy.data.meshes.new("world")
    vertices, triangles = data["vertices"], data["triangles"].astype(np.int32)
    made.vertices.add(len(vertices))
    made.vertices.foreach_set("co", vertices.ravel())
    made.loops.add(triangles.size)
    made.loops.foreach_set("vertex_index", triangles.ravel())
    made.polygons.add(len(triangles))
    made.polygons.foreach_set("loop_start", np.arange(0, triangles.size, 3, dtype=np.int32))
    used, index = np.unique(data["surface"], return_inverse=True)
    for k in used:
        made.materials.append(material(int(k), data))
    made.polygons.foreach_set("material_index", index.astype(np.int32))
    made.update()
    bpy.context.collection.objects.link(bpy.data.objects.new("world", made))


def sky(data: dict) -> None:
    """The sky's table as an environment texture: rows from below, columns about the nadir-zenith axis."""
    table = data["sky"][::-1].astype(np.float32) / _UNIT
    height, width = table.shape[:2]
    # the middle column looks along -y there
    table = np.roll(table[:, ::-1], width // 4, axis=1)
    image = bpy.data.images.new("sky", width, height, float_buffer=True)
    image.pixels.foreach_set(np.concatenate([table, np.ones((height, width, 1), np.float32)], -1).ravel())
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    node = world.node_tree.nodes.new("ShaderNodeTexEnvironment")
    node.image = image
    world.node_tree.links.new(node.outputs["Color"], world.node_tree.nodes["Background"].inputs["Color"])


def sun(data: dict) -> None:
    """A sun as wide and as bright."""
    lamp = bpy.data.lights.new("sun", "SUN")
    # a white matt plane that faces it has a radiance of strength / pi
    lamp.energy = float(data["sun_lux"].mean()) / _UNIT
    lamp.angle = 2.0 * float(data["sun_radius"])
    made = bpy.data.objects.new("sun", lamp)
    made.rotation_mode = "QUATERNION"
    made.rotation_quaternion = Vector((0.0, 0.0, 1.0)).rotation_difference(Vector(data["sun"].tolist()))
    bpy.context.collection.objects.link(made)


def camera(data: dict) -> None:
    """The pinhole; Blender's looks along -z with y up."""
    width, height, focal = (float(x) for x in data["lens"])
    lens = bpy.data.cameras.new("camera")
    lens.sensor_width, lens.lens, lens.clip_end = 36.0, 36.0 * focal / width, 5000.0
    made = bpy.data.objects.new("camera", lens)
    made.location = data["eye"].tolist()
    made.rotation_mode = "QUATERNION"
    made.rotation_quaternion = Quaternion(data["quaternion"].tolist()) @ Quaternion((0.0, 1.0, 0.0, 0.0))
    bpy.context.collection.objects.link(made)
    scene = bpy.context.scene
    scene.camera = made
    scene.render.resolution_x, scene.render.resolution_y = int(width), int(height)


def main() -> None:
    """Render twice; the second time counts."""
    folder, samples, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    data = dict(np.load(folder / "scene.npz"))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    for build in (mesh, sky, sun, camera):
        build(data)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples, scene.cycles.use_adaptive_sampling = samples, False
    scene.cycles.use_denoising, scene.cycles.denoiser = True, "OPENIMAGEDENOISE"
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 6, 2, 2
    scene.render.use_persistent_data = True
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.exposure = -4.0
    scene.render.filepath = str(folder / "cycles.png")
    wall = cpu = 0.0
    for _ in range(2):
        wall, cpu = time.perf_counter(), time.process_time()
        bpy.ops.render.render(write_still=True)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if len(sys.argv) > 4:
        Path(sys.argv[4]).write_bytes((folder / "cycles.png").read_bytes())
    print(json.dumps({"seconds": wall, "cpu": cpu, "version": bpy.app.version_string}))


if __name__ == "__main__":
    main()
