"""Passenger cars and vans: smooth skins, cut into doors, windows and lamps."""
