"""The emulators held against what the platforms publish: `make check-emulators SPEC=path`."""
