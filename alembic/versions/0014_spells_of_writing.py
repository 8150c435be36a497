"""Spells of writing

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('page_revisions', sa.Column('spell', sa.String(), nullable=False, server_default=''))
    op.alter_column('page_revisions', 'spell', server_default=None)
    op.add_column('page_revisions', sa.Column('begun_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('page_revisions', 'begun_at')
    op.drop_column('page_revisions', 'spell')
