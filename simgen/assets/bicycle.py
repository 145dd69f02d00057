"""A bicycle."""

from __future__ import annotations

from dataclasses import dataclass

from simgen.assets._lights import lights_param
from simgen.assets.base import Asset
from simgen.colorimetry import planckian, scaled, tint
from simgen.records.lights import Lamp
from simgen.records.mesh import Surface
from simgen.records.model import Joint, Link, Model, Shape
from simgen.registry import param, register
from simgen.shapes import cycle
from simgen.shapes.builder import MeshBuilder, Palette
from simgen.shapes.colors import PAINTS, resolve
from simgen.shapes.finish import finished, hull, slab_hulls
from simgen.shapes.soup import Soup


@register("asset", "bicycle")
@dataclass(frozen=True, kw_only=True)
class Bicycle(Asset):
    """A trekking bicycle with 28 inch wheels (class bicycle): wheels and crank spin, fork and handlebar steer.

    Put a ``cyclist_rider`` on it: an object whose parent is the bicycle, at no offset. Measures of ISO 5775 wheels
    (622 mm rims, 37 mm tyres) and a common 55 cm frame.
    """

    color: str | tuple[float, float, float] = param("dark_green", doc="name of a paint, or linear sRGB reflectances")

    lights: bool | str = lights_param()

    def __post_init__(self) -> None:
        resolve("color", self.color, PAINTS)

    def build(self) -> Model:
        """Frame, rear wheel, crank, and the steered fork with the front wheel."""
        surfaces = self._surfaces()
        palette = Palette()

        def mesh(soup: Soup) -> MeshBuilder:
            return MeshBuilder(palette).add(soup, *surfaces, smooth_deg=50.0)

        frame, fork, crank, wheel = cycle.frame(), cycle.steering(), cycle.crank(), cycle.wheel()
        spin = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=cycle.WHEEL_RADIUS)
        pedal = Joint(kind="wheel", axis=(0.0, 1.0, 0.0), radius_m=cycle.DEVELOPMENT / (2.0 * 3.141592653589793))
        tread = (
            Shape(
                kind="cylinder",
                size=(cycle.WHEEL_RADIUS, 2.0 * cycle.TYRE_RADIUS, 0.0),
                quaternion=(0.5**0.5, 0.5**0.5, 0.0, 0.0),
            ),
        )
        rolling = mesh(wheel).mesh()
        x, z = cycle.BOTTOM_BRACKET
        links = (
            Link(name="frame", mesh=mesh(frame).mesh(), shapes=slab_hulls(frame, [-0.4, 0.1, 0.35, 0.6, 0.95])),
            Link(
                name="rear_wheel",
                parent=0,
                position=(0.0, 0.0, cycle.WHEEL_RADIUS),
                mesh=rolling,
                joint=spin,
                shapes=tread,
            ),
            Link(
                name="crank",
                parent=0,
                position=(x, 0.0, z),
                mesh=mesh(crank).mesh(),
                joint=pedal,
                shapes=(hull(crank.vertices),),
            ),
            Link(
                name="fork",
                parent=0,
                position=(cycle.WHEELBASE, 0.0, 0.0),
                mesh=mesh(fork).mesh(),
                joint=Joint(kind="steer", axis=(0.0, 0.0, 1.0)),
                shapes=slab_hulls(fork, [0.0, 0.6, 0.85, 0.98, 1.2], axis=2),
            ),
            Link(
                name="front_wheel",
                parent=3,
                position=(0.0, 0.0, cycle.WHEEL_RADIUS),
                mesh=rolling,
                joint=spin,
                shapes=tread,
            ),
        )
        return finished(
            "bicycle",
            "bicycle",
            links,
            palette.surfaces,
            lamps=_lamps(frame, fork),
            mass_kg=16.0,
            wheelbase_m=cycle.WHEELBASE,
            attributes=(("color", str(self.color)),),
        )

    def _surfaces(self) -> tuple[Surface, ...]:
        """Paint, metal, rubber, lamp, reflector: in the order of the tags."""
        paint = resolve("color", self.color, PAINTS)
        name = "bicycle"
        return (
            Surface(class_name=name, base_color=paint, roughness=0.4, clearcoat=1.0, lidar_reflectance=0.3),
            Surface(
                class_name=name, base_color=(0.45, 0.45, 0.46), roughness=0.35, metallic=0.8, lidar_reflectance=0.3
            ),
            Surface(class_name=name, base_color=(0.02, 0.02, 0.022), roughness=0.85, lidar_reflectance=0.06),
            Surface(
                class_name=name,
                base_color=(0.75, 0.75, 0.72),
                roughness=0.15,
                retro=0.2,
                emission=scaled(planckian(5000.0), 30_000.0),
                has_lamp=True,
                lamp="low_beam",
            ),
            Surface(
                class_name=name,
                base_color=(0.4, 0.012, 0.012),
                roughness=0.2,
                retro=0.4,
                emission=scaled(tint(0.685, 0.312), 2_000.0),
                has_lamp=True,
                lamp="tail",
            ),
        )


def _lamps(frame: Soup, fork: Soup) -> tuple[Lamp, ...]:
    """Head lamp and tail lamp: 10 lx at 10 m and 6 cd (ISO 6742-1 and German StVZO)."""
    ahead, behind = (
        s.vertices[s.triangles[s.tags == tag]] for s, tag in ((fork, cycle.LAMP), (frame, cycle.REFLECTOR))
    )
    front = (float(ahead[..., 0].max()) + 0.02, 0.0, float(ahead[..., 2].mean()))
    rear = (float(behind[..., 0].min()) - 0.02, 0.0, float(behind[..., 2].mean()))
    beam = scaled(planckian(5000.0), 1_500.0)
    return (
        # aimed at the road 8 m ahead
        Lamp(
            position=front,
            axis=(1.0, 0.0, -0.1),
            intensity=beam,
            beam="spot",
            cone_deg=(7.0, 14.0),
            link=3,
            state="low_beam",
        ),
        Lamp(
            position=rear,
            axis=(-1.0, 0.0, 0.0),
            intensity=scaled(tint(0.685, 0.312), 6.0),
            beam="lambert",
            state="tail",
        ),
    )
