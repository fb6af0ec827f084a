"""The window: point, click, watch, export. The only room that knows Qt."""
