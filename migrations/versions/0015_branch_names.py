"""What customers call a branch, and how many come to a visit.

Revision: 0015
After: 0014
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    aliases = sa.Column('aliases', postgresql.JSONB(), nullable=False, server_default='[]')
    op.add_column('branch', aliases)
    op.alter_column('branch', 'aliases', server_default=None)
    op.add_column('branch', sa.Column('area', sa.String(), nullable=True))
    op.add_column('visit', sa.Column('party_size', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('visit', 'party_size')
    op.drop_column('branch', 'area')
    op.drop_column('branch', 'aliases')
