"""The textbook build of this service, as the baseline: Flask, one RQ job a comment, TF-IDF.

Built honestly, with the usual choices and the same duties as the product: an API key looked up for
each request, marshmallow, every comment stored durably (SQLite, WAL, synchronous=FULL) before it is
queued, one job a comment, all scores through the product's own policy, the decision and its review
entry stored durably in one transaction, and callers who wait woken at once, without polling. It
makes no explanations, sends no callbacks and knows no Idempotency-Key, which is in its favour.
"""
