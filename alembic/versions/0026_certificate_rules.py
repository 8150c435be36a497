"""Certificate rules

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (('courses', 'certificate_rule'), ('certificates', 'rule')):
        op.add_column(table, sa.Column(column, postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='{}'))
        op.alter_column(table, column, server_default=None)
    op.add_column('certificates', sa.Column('by_hand', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('certificates', 'by_hand', server_default=None)


def downgrade() -> None:
    op.drop_column('certificates', 'by_hand')
    op.drop_column('certificates', 'rule')
    op.drop_column('courses', 'certificate_rule')
