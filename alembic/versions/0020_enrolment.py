"""Enrolment: policies, waiting lists, invitations, prerequisites

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column('runs', sa.Column('enrollment_policy', sa.String(), nullable=False, server_default='open'))
    op.alter_column('runs', 'enrollment_policy', server_default=None)
    for name in ('enrollment_opens_at', 'enrollment_closes_at', 'chosen_at'):
        op.add_column('runs', _moment(name, nullable=True))
    op.create_table(
        'prerequisites',
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('required_id', sa.Uuid(), nullable=False),
        _moment('created_at'),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.ForeignKeyConstraint(['required_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('course_id', 'required_id'),
    )
    op.create_index(op.f('ix_prerequisites_required_id'), 'prerequisites', ['required_id'])
    op.create_table(
        'waiting_entries',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('group_id', sa.Uuid(), nullable=True),
        _moment('joined_at'),
        _moment('ended_at', nullable=True),
        sa.Column('ended_because', sa.String(), nullable=True),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['group_id'], ['groups.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        'uq_waiting_entries_open', 'waiting_entries', ['run_id', 'person_id'], unique=True, postgresql_where=sa.text('ended_at IS NULL')
    )
    op.create_index('ix_waiting_entries_run_id', 'waiting_entries', ['run_id', 'id'])
    op.create_index(op.f('ix_waiting_entries_person_id'), 'waiting_entries', ['person_id'])
    op.create_index(op.f('ix_waiting_entries_group_id'), 'waiting_entries', ['group_id'])
    op.create_table(
        'invitation_links',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('digest', sa.LargeBinary(), nullable=False),
        sa.Column('label', sa.String(), nullable=False),
        sa.Column('created_by', sa.Uuid(), nullable=False),
        _moment('created_at'),
        _moment('expires_at'),
        sa.Column('uses', sa.Integer(), nullable=False),
        sa.Column('uses_allowed', sa.Integer(), nullable=True),
        _moment('revoked_at', nullable=True),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.ForeignKeyConstraint(['created_by'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('digest'),
    )
    op.create_index(op.f('ix_invitation_links_run_id'), 'invitation_links', ['run_id'])
    op.create_index(op.f('ix_invitation_links_created_by'), 'invitation_links', ['created_by'])
    op.create_table(
        'address_invitations',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('run_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('email_index', sa.LargeBinary(), nullable=False),
        sa.Column('email_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('name_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('group_id', sa.Uuid(), nullable=True),
        sa.Column('holds_seat', sa.Boolean(), nullable=False),
        sa.Column('invited_by', sa.Uuid(), nullable=False),
        _moment('created_at'),
        _moment('expires_at'),
        sa.ForeignKeyConstraint(['run_id'], ['runs.id']),
        sa.ForeignKeyConstraint(['group_id'], ['groups.id']),
        sa.ForeignKeyConstraint(['invited_by'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('person_id'),
        sa.UniqueConstraint('run_id', 'email_index'),
    )
    op.create_index(op.f('ix_address_invitations_email_index'), 'address_invitations', ['email_index'])
    op.create_index(op.f('ix_address_invitations_group_id'), 'address_invitations', ['group_id'])
    op.create_index(op.f('ix_address_invitations_invited_by'), 'address_invitations', ['invited_by'])
    op.add_column('registrations', sa.Column('invitation_link_id', sa.Uuid(), nullable=True))
    op.create_foreign_key('registrations_invitation_link_id_fkey', 'registrations', 'invitation_links', ['invitation_link_id'], ['id'])
    op.create_index(op.f('ix_registrations_invitation_link_id'), 'registrations', ['invitation_link_id'])


def downgrade() -> None:
    op.drop_column('registrations', 'invitation_link_id')
    for table in ('address_invitations', 'invitation_links', 'waiting_entries', 'prerequisites'):
        op.drop_table(table)
    for name in ('chosen_at', 'enrollment_closes_at', 'enrollment_opens_at', 'enrollment_policy'):
        op.drop_column('runs', name)
