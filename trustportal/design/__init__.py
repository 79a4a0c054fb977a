"""The look: the NHS design system's packaged styles, Markdown, template tags. Knows nothing of records."""
