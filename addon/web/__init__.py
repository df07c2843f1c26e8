"""What every page shares: who looks, the frame around the page, its files, its headers and its faults."""
