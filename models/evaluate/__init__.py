"""Measures a model on rows that never trained it; see `commentdesk evaluate`."""
