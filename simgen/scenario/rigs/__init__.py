"""Rigs: named sets of sensors that a scene includes in one line, a YAML file each: those beside this, or a user's."""
