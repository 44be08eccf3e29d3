"""What a comment, a decision and a policy are; standard library only."""
