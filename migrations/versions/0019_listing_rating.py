"""Find conversations by the grade that the customer gave.

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('listing', sa.Column('rating', sa.SmallInteger(), nullable=True))
    op.create_index('listing_rated', 'listing', ['rating', 'opened_at', 'conversation_id'], unique=False, postgresql_where='rating IS NOT NULL')
    op.execute("""
        CREATE TRIGGER listing_graded AFTER UPDATE OF rating ON conversation
            FOR EACH ROW WHEN (NEW.rating IS DISTINCT FROM OLD.rating) EXECUTE FUNCTION listing_note()
    """)
    op.execute("INSERT INTO listing_due (conversation_id) SELECT id FROM conversation WHERE rating IS NOT NULL")


def downgrade() -> None:
    op.execute("DROP TRIGGER listing_graded ON conversation")
    op.drop_index('listing_rated', table_name='listing')
    op.drop_column('listing', 'rating')
