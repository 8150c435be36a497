"""What a page holds: documents of blocks, rich text, the ways in and out (Markdown, HTML), and their rendering. No database here."""
