"""Sidebar cards in Google Workspace: the kit, and the routes that Google calls. Each feature builds its own cards."""
