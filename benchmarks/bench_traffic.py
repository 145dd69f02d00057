"""What traffic costs: a crossing full of vehicles and people, drawn, assembled and simulated.

Run: ``python benchmarks/bench_traffic.py [--vehicles 200] [--people 200] [--seconds 4]``. Prints processor time of each
stage, and microseconds for an actor and physics step. Goal, on a quiet core: assembly and simulation of 400 actors over
4 s at 240 steps a second in under 10 s.
"""

from __future__ import annotations

import argparse
import time
from itertools import pairwise

from simgen.assembly import assemble
from simgen.physics import simulate
from simgen.scenario.scenario import loads

SCENE = """
simgen: 1
clock: {{duration_s: {seconds}, rate_hz: 10}}
world: {{type: intersection, lanes: 3, arm_length_m: 500, buildings: {{density: 0}}, trees: {{density: 0}}}}
traffic:
  vehicles: {vehicles}
  pedestrians: {people}
  looks: 2
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vehicles", type=int, default=200)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    text = SCENE.format(vehicles=options.vehicles, people=options.people, seconds=options.seconds)
    marks = [time.process_time()]
    scene = loads(text, "bench").sample(seed=1)
    marks.append(time.process_time())
    assembly = assemble(scene)
    marks.append(time.process_time())
    trajectory = simulate(assembly)
    marks.append(time.process_time())
    drawn, assembled, simulated = (b - a for a, b in pairwise(marks))
    count = options.vehicles + options.people
    print(f"drawing and placing, assets built   {drawn:7.2f} s")
    print(f"assembling                          {assembled:7.2f} s")
    print(f"simulating                          {simulated:7.2f} s")
    each = simulated / (count * len(trajectory.time_ns)) * 1e6
    print(f"an actor and physics step           {each:7.2f} us   ({len(trajectory.contacts.time_ns)} contacts)")


if __name__ == "__main__":
    main()
