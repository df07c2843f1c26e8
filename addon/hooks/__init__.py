"""Notices that platforms send by themselves: verified, noted, answered; a worker reads what they point to."""
