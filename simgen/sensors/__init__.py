"""Sensors: one file each. A sensor receives a placed ray view and one record of its surroundings."""
