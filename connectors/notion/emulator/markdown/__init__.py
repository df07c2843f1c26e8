"""Notion's enhanced Markdown and blocks, in both directions: https://developers.notion.com/guides/data-apis/enhanced-markdown."""
