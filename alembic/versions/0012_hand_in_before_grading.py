"""Hand in before grading

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('ix_attempts_handed_in', 'attempts', ['submitted_at'], postgresql_where=sa.text("status = 'handed_in'"))


def downgrade() -> None:
    op.execute("UPDATE attempts SET status = 'open', submitted_at = NULL WHERE status = 'handed_in'")
    op.drop_index('ix_attempts_handed_in', table_name='attempts')
