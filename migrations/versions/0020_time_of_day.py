"""Attempts know the time of day they are meant for.

Revision: 0020
After: 0019
"""

from alembic import op
import sqlalchemy as sa


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attempt', sa.Column('time_of_day', sa.Time(), nullable=True))


def downgrade() -> None:
    op.drop_column('attempt', 'time_of_day')
