"""Which version of the roll-ups the fold keeps, and where code of that version left its cursor

Roll-ups from before are of version 0: the first fold makes all of them anew of the events, those of 0030 and 0032 too, and until it has, the old
ones stand as they were. Code that knows no version may go on folding meanwhile: it leaves the cursor where `left_at` does not say, and what it did
not fill is made anew as well.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('fold_cursors', sa.Column('version', sa.Integer(), server_default='0', nullable=False))
    op.add_column('fold_cursors', sa.Column('left_at', sa.Uuid(), server_default='00000000-0000-0000-0000-000000000000', nullable=False))


def downgrade() -> None:
    for column in ('left_at', 'version'):
        op.drop_column('fold_cursors', column)
