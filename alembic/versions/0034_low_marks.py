"""Indexes for low marks: those that quizzes made, by column and fraction, and those that people gave

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        'ix_grades_low',
        'grades',
        ['column_id', 'fraction'],
        postgresql_include=['enrollment_id'],
        postgresql_where=sa.text('given IS NULL AND NOT excused AND NOT pending'),
    )
    op.create_index('ix_grades_given', 'grades', ['column_id'], postgresql_where=sa.text('given IS NOT NULL'))


def downgrade() -> None:
    for name in ('ix_grades_given', 'ix_grades_low'):
        op.drop_index(name, 'grades')
