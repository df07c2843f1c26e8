"""How fast the main job is, on this machine, beside its floors: `python -m tests.bench`."""
