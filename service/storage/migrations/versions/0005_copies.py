"""Marks that copies of a text share. What is there already has none, and counts as no copy.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark and the index by which copies are found."""
    op.add_column("comments", sa.Column("text_mark", sa.BigInteger()))
    op.create_index(
        "ix_comments_copies",
        "comments",
        ["site_id", "text_mark", "id"],
        sqlite_where=sa.text("text_mark IS NOT NULL"),
        postgresql_where=sa.text("text_mark IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index("ix_comments_copies", "comments")
    op.drop_column("comments", "text_mark")
