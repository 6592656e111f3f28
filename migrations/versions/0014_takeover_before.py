"""What a conversation had come to before somebody took it up again.

Revision: 0014
After: 0013
"""

from alembic import op
import sqlalchemy as sa


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('takeover', sa.Column('outcome_before', sa.String(), nullable=True))
    op.add_column('takeover', sa.Column('reason_before', sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column('takeover', 'reason_before')
    op.drop_column('takeover', 'outcome_before')
