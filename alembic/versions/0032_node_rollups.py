"""Roll-ups of films, of attempts and of a person's hours, for the figures of a single page or quiz and of groups

They are made of the events by the first fold after the upgrade (0033).

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def _uuid(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _count(name: str, kind: sa.types.TypeEngine = sa.Integer()) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    # Before every other table, as the fold does: it waits here, or we for it.
    op.execute('LOCK TABLE fold_cursors IN SHARE ROW EXCLUSIVE MODE')
    op.create_index('ix_item_people_object', 'item_people', ['run_id', 'object_id'])
    op.create_table(
        'active_hours',
        _uuid('run_id'),
        _uuid('person_id'),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('hour', sa.SmallInteger(), nullable=False),
        _count('acts'),
        _count('seconds'),
        sa.PrimaryKeyConstraint('run_id', 'person_id', 'day', 'hour'),
    )
    op.create_table(
        'attempt_figures',
        *(_uuid(name) for name in ('run_id', 'assessment_id', 'person_id', 'attempt_id')),
        _moment('begun_at'),
        _moment('submitted_at'),
        _count('earned', sa.Numeric(12, 6)),
        _count('marked'),
        _count('fraction', sa.Numeric(12, 6)),
        sa.PrimaryKeyConstraint('run_id', 'assessment_id', 'person_id', 'attempt_id'),
    )
    op.create_table(
        'run_films',
        _uuid('run_id'),
        _uuid('object_id'),
        sa.Column('block', sa.String(), nullable=False),
        _count('part'),
        _count('people'),
        _count('seconds', sa.BigInteger()),
        _count('stops'),
        sa.PrimaryKeyConstraint('run_id', 'object_id', 'block', 'part'),
    )
    op.create_table(
        'film_people',
        _uuid('run_id'),
        _uuid('object_id'),
        sa.Column('block', sa.String(), nullable=False),
        _uuid('person_id'),
        _count('part'),
        _count('seconds'),
        _count('stops'),
        sa.PrimaryKeyConstraint('run_id', 'object_id', 'block', 'person_id', 'part'),
    )


def downgrade() -> None:
    for table in ('film_people', 'run_films', 'attempt_figures', 'active_hours'):
        op.drop_table(table)
    op.drop_index('ix_item_people_object', table_name='item_people')
