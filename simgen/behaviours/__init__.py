"""Behaviours: what kinematic actors do, one file each."""
