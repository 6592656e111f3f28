"""Keep the reports of large campaigns, so that a page need not count them.

Revision: 0021
After: 0020
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_report',
    sa.Column('campaign_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.VARCHAR(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('counted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('campaign_id', 'by', name=op.f('pk_kept_report'))
    )


def downgrade() -> None:
    op.drop_table('kept_report')
