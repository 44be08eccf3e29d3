"""An index of comments whose author is still kept: the sweeper asks for the oldest each second.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_comments_author_kept",
        "comments",
        ["received_at"],
        sqlite_where=sa.text("author_erased_at IS NULL"),
        postgresql_where=sa.text("author_erased_at IS NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_comments_author_kept", "comments")
