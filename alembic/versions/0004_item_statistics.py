"""Item statistics

Revision ID: 0004
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('question_scores', sa.Column('tally', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False))
    op.alter_column('question_scores', 'tally', server_default=None)
    op.create_table('counted_attempts',
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('enrollment_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('complete', sa.Boolean(), nullable=False),
    sa.Column('marks', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('assessment_id', 'enrollment_id')
    )
    op.create_index('ix_counted_attempts_quiz', 'counted_attempts', ['run_id', 'assessment_id'], unique=False)
    op.create_table('run_quiz_sums',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('complete', sa.Integer(), nullable=False),
    sa.Column('maximum', sa.Numeric(), nullable=False),
    sa.Column('totals', sa.Numeric(), nullable=False),
    sa.Column('totals2', sa.Numeric(), nullable=False),
    sa.Column('totals3', sa.Numeric(), nullable=False),
    sa.Column('totals4', sa.Numeric(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('run_id', 'assessment_id')
    )
    op.create_table('run_question_sums',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('seen', sa.Integer(), nullable=False),
    sa.Column('points', sa.Numeric(), nullable=False),
    sa.Column('maximum', sa.Numeric(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('fractions', sa.Numeric(), nullable=False),
    sa.Column('fractions2', sa.Numeric(), nullable=False),
    sa.Column('complete', sa.Integer(), nullable=False),
    sa.Column('scores', sa.Numeric(), nullable=False),
    sa.Column('scores2', sa.Numeric(), nullable=False),
    sa.Column('with_total', sa.Numeric(), nullable=False),
    sa.PrimaryKeyConstraint('run_id', 'assessment_id', 'question_id')
    )
    op.create_table('run_choice_sums',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('given', sa.Integer(), nullable=False),
    sa.Column('complete', sa.Integer(), nullable=False),
    sa.Column('totals', sa.Numeric(), nullable=False),
    sa.PrimaryKeyConstraint('run_id', 'assessment_id', 'question_id', 'part', 'value')
    )


def downgrade() -> None:
    op.drop_table('run_choice_sums')
    op.drop_table('run_question_sums')
    op.drop_table('run_quiz_sums')
    op.drop_index('ix_counted_attempts_quiz', table_name='counted_attempts')
    op.drop_table('counted_attempts')
    op.drop_column('question_scores', 'tally')
