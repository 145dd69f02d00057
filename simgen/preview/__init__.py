"""Pictures: one contact sheet that shows every sensor and every label of a scene."""

from simgen.preview.sheet import contact_sheet, preview_scene

__all__ = ["contact_sheet", "preview_scene"]
