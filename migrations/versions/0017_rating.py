"""Keep the grade that customers give.

Revision: 0017
After: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('conversation', sa.Column('rating', sa.SmallInteger(), nullable=True))
    op.create_check_constraint('conversation_rating_of_five', 'conversation', 'rating BETWEEN 1 AND 5')


def downgrade() -> None:
    op.drop_constraint('conversation_rating_of_five', 'conversation')
    op.drop_column('conversation', 'rating')
