"""Choose the password with the mailed link, and count passwords

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("password_version", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("people", "password_version", server_default=None)
    op.drop_column("registrations", "password_hash")


def downgrade() -> None:
    # Registrations that wait have no password: they are asked for again.
    op.execute("DELETE FROM mailed_links WHERE registration_id IS NOT NULL")
    op.execute("DELETE FROM registrations")
    op.add_column("registrations", sa.Column("password_hash", sa.String(), nullable=False))
    op.drop_column("people", "password_version")
