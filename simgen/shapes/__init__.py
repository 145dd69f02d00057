"""Meshes from formulas: soups, primitives, lofts, normals, and the builders that assets share."""
