"""Park jobs that fail

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('outbox', sa.Column('parked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('outbox', sa.Column('last_error', sa.String(), nullable=True))
    op.drop_index('ix_outbox_unsent', table_name='outbox')
    op.create_index('ix_outbox_due', 'outbox', ['not_before'], postgresql_where=sa.text('done_at IS NULL AND parked_at IS NULL'))
    op.create_index('ix_outbox_parked', 'outbox', ['parked_at'], postgresql_where=sa.text('parked_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_outbox_parked', table_name='outbox')
    op.drop_index('ix_outbox_due', table_name='outbox')
    op.create_index('ix_outbox_unsent', 'outbox', ['not_before'], postgresql_where=sa.text('done_at IS NULL'))
    op.drop_column('outbox', 'last_error')
    op.drop_column('outbox', 'parked_at')
