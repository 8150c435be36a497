"""More time in a course

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('enrollments', sa.Column('time_factor', sa.Numeric(12, 6), nullable=True))


def downgrade() -> None:
    op.drop_column('enrollments', 'time_factor')
