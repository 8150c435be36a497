"""Beats of open tabs, where films were left, audits of figures, exports of events

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'last_beats',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('recent', postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column('counted', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('person_id'),
        postgresql_with={'fillfactor': '50'},
    )
    op.create_table(
        'film_places',
        sa.Column('enrollment_id', sa.Uuid(), nullable=False),
        sa.Column('block', sa.String(), nullable=False),
        sa.Column('page_id', sa.Uuid(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id']),
        sa.ForeignKeyConstraint(['page_id'], ['pages.id']),
        sa.PrimaryKeyConstraint('enrollment_id', 'block'),
    )
    op.create_table(
        'figure_audits',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('drifts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint('run_id'),
    )
    op.add_column('exports', sa.Column('run_id', sa.Uuid(), nullable=True))
    op.create_foreign_key('exports_run_id_fkey', 'exports', 'runs', ['run_id'], ['id'])


def downgrade() -> None:
    op.drop_column('exports', 'run_id')
    op.drop_table('figure_audits')
    op.drop_table('film_places')
    op.drop_table('last_beats')
