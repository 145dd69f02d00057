"""Searching for where a perception function fails: in which scenes, and in which region of their parameters."""
