"""Weather: what is in the air and on the ground, one file an effect. Weather does not know sensors."""
