"""Find what ended lately, for the draws of reviews.

Revision: 0016
After: 0015
"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index('conversation_ended', 'conversation', ['closed_at'], postgresql_where='closed_at IS NOT NULL')


def downgrade() -> None:
    op.drop_index('conversation_ended', table_name='conversation')
