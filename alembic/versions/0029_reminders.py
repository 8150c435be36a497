"""Reminders: what has just been handed in, and up to when openings were looked for

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sweep_marks',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )
    op.create_index('ix_attempts_submitted_at', 'attempts', ['submitted_at'])


def downgrade() -> None:
    op.drop_index('ix_attempts_submitted_at', table_name='attempts')
    op.drop_table('sweep_marks')
