"""Goals of students, when somebody learnt, how the scores of a run lie

When somebody learnt is made of the events by the first fold after the upgrade (0033).

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Before every other table, as the fold does: it waits here, or we for it.
    op.execute('LOCK TABLE fold_cursors IN SHARE ROW EXCLUSIVE MODE')
    op.create_table(
        'course_goals',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('goal_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('person_id', 'course_id'),
    )
    op.create_index('ix_course_goals_course_id', 'course_goals', ['course_id'])
    op.create_table(
        'hidden_streaks',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('person_id'),
    )
    op.create_table(
        'score_spreads',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('people', sa.Integer(), nullable=False),
        sa.Column('steps', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.PrimaryKeyConstraint('run_id'),
    )
    op.create_table(
        'score_places',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('enrollment_id', sa.Uuid(), nullable=False),
        sa.Column('step', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id']),
        sa.PrimaryKeyConstraint('run_id', 'enrollment_id'),
    )
    op.create_table(
        'learning_quarters',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('acts', sa.Integer(), nullable=False),
        sa.Column('seconds', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('run_id', 'person_id', 'at'),
    )


def downgrade() -> None:
    for table in ('learning_quarters', 'score_places', 'score_spreads', 'hidden_streaks', 'course_goals'):
        op.drop_table(table)
