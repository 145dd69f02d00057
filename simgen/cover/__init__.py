"""Coverage of a parameter space: designs that cover it, and what data cover of it."""
