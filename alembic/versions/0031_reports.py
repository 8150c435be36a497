"""Reports for the staff, made once or by a schedule

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        'report_schedules',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('id', 'course_id', 'person_id')),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ('run_id', 'group_id')),
        *(sa.Column(name, sa.String(), nullable=False) for name in ('kind', 'format', 'days', 'rhythm', 'time_zone')),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('weekday', 'day', 'hour')),
        _moment('next_at'),
        _moment('last_at', nullable=True),
        _moment('paused_at', nullable=True),
        _moment('created_at'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    for column in ('course_id', 'person_id'):
        op.create_index(op.f(f'ix_report_schedules_{column}'), 'report_schedules', [column])
    op.create_index('ix_report_schedules_due', 'report_schedules', ['next_at'], postgresql_where=sa.text('paused_at IS NULL'))
    op.create_table(
        'report_recipients',
        sa.Column('schedule_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['schedule_id'], ['report_schedules.id'], ondelete='CASCADE'),
        sa.PrimaryKeyConstraint('schedule_id', 'person_id'),
    )
    op.create_index(op.f('ix_report_recipients_person_id'), 'report_recipients', ['person_id'])
    op.create_table(
        'reports',
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ('id', 'course_id', 'run_id', 'person_id')),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ('schedule_id', 'group_id', 'file_id')),
        _moment('due_at', nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ('kind', 'format', 'status', 'stage')),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ('since', 'until')),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ('done', 'total', 'tries')),
        sa.Column('refusal', sa.String(), nullable=True),
        _moment('created_at'),
        _moment('finished_at', nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.ForeignKeyConstraint(['schedule_id'], ['report_schedules.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('schedule_id', 'due_at'),
    )
    for column in ('course_id', 'run_id', 'person_id', 'file_id'):
        op.create_index(op.f(f'ix_reports_{column}'), 'reports', [column])


def downgrade() -> None:
    for table in ('reports', 'report_recipients', 'report_schedules'):
        op.drop_table(table)
