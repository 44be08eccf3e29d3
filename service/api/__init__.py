"""The public API: thin views that parse, call one use case and render."""
