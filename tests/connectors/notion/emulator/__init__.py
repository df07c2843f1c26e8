"""The Notion emulator, through clients that nobody here wrote."""
