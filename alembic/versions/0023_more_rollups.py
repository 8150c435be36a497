"""Roll-ups of hours, learners and time

The roll-ups are emptied and the fold's cursor goes back to the beginning: the fold makes them anew of the events. Where there are millions,
`python -m lms_app rebuild-analytics` is quicker.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

EMPTIED = ('run_days', 'active_days', 'run_items', 'item_people', 'run_scores')


def _count(name: str, kind: sa.types.TypeEngine = sa.Integer()) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _begin_anew() -> None:
    for table in EMPTIED:
        op.execute(f'TRUNCATE {table}')
    op.execute('UPDATE run_figures SET enrolled = 0, withdrawn = 0, completed = 0, certificates = 0')
    op.execute("UPDATE fold_cursors SET xid = 0, event_id = '00000000-0000-0000-0000-000000000000'")


def upgrade() -> None:
    _begin_anew()
    op.create_index('ix_learning_events_person', 'learning_events', ['person_id', 'id'])
    for name, kind in (('submissions', sa.Integer()), ('seconds', sa.BigInteger())):
        op.add_column('run_figures', sa.Column(name, kind, nullable=False, server_default='0'))
        op.alter_column('run_figures', name, server_default=None)
    for column in (_count('completed'), _count('submissions'), _count('fractions', sa.Numeric(12, 6)), _count('seconds', sa.BigInteger())):
        op.add_column('run_days', column)
    op.add_column('run_items', _count('seconds', sa.BigInteger()))
    op.add_column('active_days', _count('acts'))
    op.add_column('active_days', _count('seconds'))
    op.create_index('ix_active_days_person', 'active_days', ['person_id', 'day'])
    op.create_table(
        'run_hours',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('hour', sa.SmallInteger(), nullable=False),
        _count('acts'),
        _count('seconds'),
        sa.PrimaryKeyConstraint('run_id', 'day', 'hour'),
    )
    op.create_table(
        'learner_figures',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        _count('enrolments'),
        _count('completions'),
        *(_moment(name) for name in ('enrolled_at', 'withdrawn_at', 'completed_at', 'first_at', 'last_active_at', 'last_item_at')),
        sa.Column('last_item_id', sa.Uuid(), nullable=True),
        *(_count(name) for name in ('active_days', 'seconds', 'items_started', 'items_completed', 'attempts', 'marked')),
        _count('fractions', sa.Numeric(12, 6)),
        sa.PrimaryKeyConstraint('run_id', 'person_id'),
        postgresql_with={'fillfactor': '70'},
    )
    op.drop_table('item_people')
    op.create_table(
        'item_people',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('object_id', sa.Uuid(), nullable=False),
        _moment('first_at'),
        _moment('completed_at'),
        _count('seconds'),
        sa.PrimaryKeyConstraint('run_id', 'person_id', 'object_id'),
    )


def downgrade() -> None:
    _begin_anew()
    op.drop_table('item_people')
    op.create_table(
        'item_people',
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('object_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('started', sa.Boolean(), nullable=False),
        sa.Column('completed', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('run_id', 'object_id', 'person_id'),
    )
    op.drop_table('learner_figures')
    op.drop_table('run_hours')
    op.drop_index('ix_active_days_person', table_name='active_days')
    for table, names in (
        ('active_days', ('acts', 'seconds')),
        ('run_items', ('seconds',)),
        ('run_days', ('completed', 'submissions', 'fractions', 'seconds')),
        ('run_figures', ('submissions', 'seconds')),
    ):
        for name in names:
            op.drop_column(table, name)
    op.drop_index('ix_learning_events_person', table_name='learning_events')
