"""An index by which the answers that quote a comment are found, to erase it there as well.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index(
        "ix_comments_answers",
        "comments",
        ["site_id", "parent_id"],
        sqlite_where=sa.text("parent_body IS NOT NULL"),
        postgresql_where=sa.text("parent_body IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_comments_answers", "comments")
