"""Certificate templates

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column in (('courses', 'certificate_template'), ('certificates', 'template')):
        op.add_column(table, sa.Column(column, postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='{}'))
        op.alter_column(table, column, server_default=None)


def downgrade() -> None:
    op.drop_column('certificates', 'template')
    op.drop_column('courses', 'certificate_template')
