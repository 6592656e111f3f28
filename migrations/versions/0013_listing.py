"""How conversations are listed and searched; saved views.

Revision: 0013
After: 0012
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


# A row a change, never one that is waited for: two transactions on one conversation must not meet here.
NOTE_CHANGES = """
CREATE FUNCTION listing_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'message' THEN
        INSERT INTO listing_due (conversation_id) VALUES (NEW.conversation_id);
    ELSIF TG_TABLE_NAME = 'conversation' THEN
        INSERT INTO listing_due (conversation_id) VALUES (NEW.id);
    ELSE
        INSERT INTO listing_due (conversation_id) SELECT id FROM conversation WHERE customer_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER listing_said AFTER INSERT ON message
    FOR EACH ROW WHEN (NEW.conversation_id IS NOT NULL) EXECUTE FUNCTION listing_note();
CREATE TRIGGER listing_read AFTER UPDATE OF text, heard, conversation_id ON message
    FOR EACH ROW WHEN (
        NEW.conversation_id IS NOT NULL
        AND (NEW.text, NEW.heard, NEW.conversation_id) IS DISTINCT FROM (OLD.text, OLD.heard, OLD.conversation_id)
    ) EXECUTE FUNCTION listing_note();
CREATE TRIGGER listing_opened AFTER INSERT ON conversation FOR EACH ROW EXECUTE FUNCTION listing_note();
CREATE TRIGGER listing_moved AFTER UPDATE OF state, outcome, variant, channel ON conversation
    FOR EACH ROW WHEN (
        (NEW.state, NEW.outcome, NEW.variant, NEW.channel) IS DISTINCT FROM (OLD.state, OLD.outcome, OLD.variant, OLD.channel)
    ) EXECUTE FUNCTION listing_note();
CREATE TRIGGER listing_reassigned AFTER UPDATE OF branch_id, manager ON customer
    FOR EACH ROW WHEN ((NEW.branch_id, NEW.manager) IS DISTINCT FROM (OLD.branch_id, OLD.manager))
    EXECUTE FUNCTION listing_note();
"""
TRIGGERS = (
    ("listing_said", "message"), ("listing_read", "message"), ("listing_opened", "conversation"),
    ("listing_moved", "conversation"), ("listing_reassigned", "customer"),
)


def upgrade() -> None:
    op.create_table('listing_due',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_due'))
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('query', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff_member.id'], name=op.f('fk_saved_view_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('staff_id', 'name', name='view_named_once')
    )
    op.create_table('listing',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('script', sa.String(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('variant', sa.String(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('grade', sa.String(), nullable=True),
    sa.Column('branch_id', sa.Uuid(), nullable=True),
    sa.Column('manager', sa.String(), nullable=True),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('intents', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('low_confidence', sa.Boolean(), nullable=False),
    sa.Column('not_understood', sa.Boolean(), nullable=False),
    sa.Column('refusing', sa.Boolean(), nullable=False),
    sa.Column('flagged', sa.Boolean(), nullable=False),
    sa.Column('reviewed', sa.Boolean(), nullable=False),
    sa.Column('tags', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('words', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_listing_conversation_id')),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_listing'))
    )
    op.create_index('listing_doubtful', 'listing', ['opened_at', 'conversation_id'], unique=False, postgresql_where='low_confidence')
    op.create_index('listing_flagged', 'listing', ['opened_at', 'conversation_id'], unique=False, postgresql_where='flagged')
    op.create_index('listing_intents', 'listing', ['intents'], unique=False, postgresql_using='gin')
    op.create_index('listing_latest', 'listing', ['opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_not_understood', 'listing', ['opened_at', 'conversation_id'], unique=False, postgresql_where='not_understood')
    op.create_index('listing_of_branch', 'listing', ['branch_id', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_of_campaign', 'listing', ['campaign_id', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_of_customer', 'listing', ['customer_id'], unique=False)
    op.create_index('listing_of_grade', 'listing', ['grade', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_of_manager', 'listing', ['manager', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_of_outcome', 'listing', ['outcome', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_of_script', 'listing', ['script', 'version', 'opened_at', 'conversation_id'], unique=False)
    op.create_index('listing_refusing', 'listing', ['opened_at', 'conversation_id'], unique=False, postgresql_where='refusing')
    op.create_index('listing_reviewed', 'listing', ['opened_at', 'conversation_id'], unique=False, postgresql_where='reviewed')
    op.create_index('listing_tags', 'listing', ['tags'], unique=False, postgresql_using='gin')
    op.create_index('listing_words', 'listing', ['words'], unique=False, postgresql_using='gin', postgresql_with={'fastupdate': 'off'})
    op.execute(NOTE_CHANGES)
    op.execute("INSERT INTO listing_due (conversation_id) SELECT id FROM conversation")


def downgrade() -> None:
    for trigger, table in TRIGGERS:
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    op.execute("DROP FUNCTION listing_note")
    for table in ("listing_due", "listing", "saved_view"):
        op.drop_table(table)
