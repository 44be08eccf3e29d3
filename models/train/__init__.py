"""Everything that makes a model from the data folder; never imported when scoring."""
