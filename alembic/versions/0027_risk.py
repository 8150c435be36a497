"""Students at risk: thresholds, dismissals, nudges

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'risk_thresholds',
        sa.Column('course_id', sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ('absent_days', 'unbegun_days', 'low_percent', 'low_quizzes', 'behind_percent', 'missed_items')
        ),
        sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('course_id'),
    )
    op.create_table(
        'risk_dismissals',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('enrollment_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('actor_id', sa.Uuid(), nullable=False),
        sa.Column('codes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['actor_id'], ['people.id']),
        sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('enrollment_id'),
    )
    op.create_index('ix_risk_dismissals_person_id', 'risk_dismissals', ['person_id'])
    op.create_index('ix_risk_dismissals_actor_id', 'risk_dismissals', ['actor_id'])
    op.create_table(
        'nudges',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('enrollment_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('actor_id', sa.Uuid(), nullable=False),
        sa.Column('codes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['actor_id'], ['people.id']),
        sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_nudges_run', 'nudges', ['run_id', 'sent_at'])
    op.create_index('ix_nudges_enrollment', 'nudges', ['enrollment_id', 'sent_at'])
    op.create_index('ix_nudges_person_id', 'nudges', ['person_id'])
    op.create_index('ix_nudges_actor_id', 'nudges', ['actor_id'])
    op.create_table(
        'risk_flags',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.PrimaryKeyConstraint('run_id', 'day', 'person_id'),
    )
    op.create_index('ix_risk_flags_person_id', 'risk_flags', ['person_id'])


def downgrade() -> None:
    op.drop_table('risk_flags')
    op.drop_table('nudges')
    op.drop_table('risk_dismissals')
    op.drop_table('risk_thresholds')
