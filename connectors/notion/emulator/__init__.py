"""Notion's wire protocol on this machine: for tests, benches, and rehearsing a rollout before a real workspace sees it.

It does what https://developers.notion.com documents for version 2026-03-11 (and 2025-09-03), limits and faults included,
and answers what it lacks in Notion's own error shape with 501. `provider.create_app` builds it.
"""
