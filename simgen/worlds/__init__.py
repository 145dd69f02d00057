"""Worlds: where a scene takes place, one file each."""
