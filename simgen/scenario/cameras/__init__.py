"""Named cameras: what a scene's ``model: NAME`` stands for, a YAML file each: those beside this, or a user's."""
