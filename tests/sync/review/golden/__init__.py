"""Twenty half-years written by hand, and the drafts that were read and found fit to put one's name to."""
