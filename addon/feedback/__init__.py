"""Peer feedback: asked for, approved, given; signed unless somebody chose otherwise."""
