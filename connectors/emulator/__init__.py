"""What every emulator of a platform stands on: its log of calls, faults on request, windows, deliveries, and one clock."""
