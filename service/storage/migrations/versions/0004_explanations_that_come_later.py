"""Explanations: reasons with their passages, worked out after the decision was recorded.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

from service.storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the index of what is still owed."""
    op.create_table(
        "explanations",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True)),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(timezone=True)),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decisions.id"], name="fk_explanations_decision_id_decisions"
        ),
        sa.PrimaryKeyConstraint("decision_id", name="pk_explanations"),
    )
    op.create_index(
        "ix_explanations_owed",
        "explanations",
        ["decision_id"],
        sqlite_where=sa.text("reasons IS NULL"),
        postgresql_where=sa.text("reasons IS NULL"),
    )


def downgrade() -> None:
    """Drop them; the decisions keep their reasons without passages."""
    op.drop_table("explanations")
