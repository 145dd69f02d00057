"""Exporters to other data sets' layouts, one file each. Exporters do not know sensors: they read records."""
