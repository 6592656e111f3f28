"""First schema: the campaign store and the task queue's tables.

Revision: 0001
"""

from alembic import op
import sqlalchemy as sa
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The queue brings its own schema; its later versions become migrations of their own here.
    # On the driver's own cursor: it is many statements, with percent signs in them.
    op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
    op.create_table('audit_entry',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('verb', sa.String(), nullable=False),
    sa.Column('what', sa.Uuid(), nullable=True),
    sa.Column('why', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_table('branch',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=True),
    sa.Column('phone', sa.String(), nullable=True),
    sa.Column('hours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('visits_per_half_day', sa.Integer(), nullable=True),
    sa.CheckConstraint('visits_per_half_day > 0', name=op.f('ck_branch_visits_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_branch')),
    sa.UniqueConstraint('name', name=op.f('uq_branch_name'))
    )
    op.create_table('clock_anchor',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('machine_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('product_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rate', sa.Float(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_clock_anchor_one_anchor')),
    sa.CheckConstraint('rate > 0', name=op.f('ck_clock_anchor_rate_positive')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clock_anchor'))
    )
    op.create_table('heartbeat',
    sa.Column('worker', sa.Uuid(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('worker', name=op.f('pk_heartbeat'))
    )
    op.create_table('script_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('script', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('source', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('proposed_by', sa.String(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by', sa.String(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("approved_by IS DISTINCT FROM proposed_by OR approved_by = 'shipped'", name=op.f('ck_script_version_four_eyes')),
    sa.CheckConstraint('(approved_at IS NULL) = (approved_by IS NULL)', name=op.f('ck_script_version_approved_by_somebody')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_script_version')),
    sa.UniqueConstraint('script', 'number', name='version_numbered_once'),
    sa.UniqueConstraint('script', 'version', name='version_once')
    )
    op.create_index('script_published', 'script_version', ['script', 'approved_at'], unique=False)
    op.create_table('campaign',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('script', sa.String(), nullable=False),
    sa.Column('script_version_id', sa.Uuid(), nullable=False),
    sa.Column('channels', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('pace', sa.Float(), nullable=False),
    sa.Column('offer', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('definition', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('launched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('paced_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('active', 'paused', 'finished')", name=op.f('ck_campaign_state_known')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_campaign_campaign_in_order')),
    sa.CheckConstraint('pace > 0', name=op.f('ck_campaign_pace_positive')),
    sa.ForeignKeyConstraint(['script_version_id'], ['script_version.id'], name=op.f('fk_campaign_script_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('name', name=op.f('uq_campaign_name'))
    )
    op.create_table('customer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('ref', sa.String(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('gender', sa.Text(), nullable=True),
    sa.Column('phone_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('phone_hash', sa.LargeBinary(), nullable=True),
    sa.Column('phone_country', sa.String(), nullable=True),
    sa.Column('phone_kind', sa.String(), nullable=True),
    sa.Column('zones', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('phone_bad_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('birth_year', sa.Integer(), nullable=True),
    sa.Column('risk_level', sa.Integer(), nullable=True),
    sa.Column('risk_expires_on', sa.Date(), nullable=True),
    sa.Column('branch_id', sa.Uuid(), nullable=True),
    sa.Column('manager', sa.String(), nullable=True),
    sa.Column('last_contact_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("gender IN ('f', 'm')", name=op.f('ck_customer_gender_known')),
    sa.CheckConstraint('(phone_sealed IS NULL) = (phone_hash IS NULL)', name=op.f('ck_customer_phone_sealed_with_hash')),
    sa.CheckConstraint('birth_year BETWEEN 1900 AND 2100', name=op.f('ck_customer_birth_year_plausible')),
    sa.CheckConstraint('risk_level BETWEEN 1 AND 5', name=op.f('ck_customer_risk_level_r1_to_r5')),
    sa.ForeignKeyConstraint(['branch_id'], ['branch.id'], name=op.f('fk_customer_branch_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer')),
    sa.UniqueConstraint('ref', name=op.f('uq_customer_ref'))
    )
    op.create_index('customer_branch', 'customer', ['branch_id'], unique=False)
    op.create_index('customer_phone', 'customer', ['phone_hash'], unique=True, postgresql_where='phone_hash IS NOT NULL')
    op.create_table('account',
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('deposits', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.Column('net_flow_90d', sa.Numeric(precision=16, scale=2), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_account_customer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('customer_id', name=op.f('pk_account'))
    )
    op.create_table('attempt',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('script_version_id', sa.Uuid(), nullable=False),
    sa.Column('offer', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('verdict', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_attempt_closed_at_a_time')),
    sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f('ck_attempt_closed_with_outcome')),
    sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f('ck_attempt_channel_known')),
    sa.CheckConstraint("state IN ('planned', 'due', 'contacting', 'open', 'closed')", name=op.f('ck_attempt_state_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_attempt_campaign_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_attempt_customer_id')),
    sa.ForeignKeyConstraint(['script_version_id'], ['script_version.id'], name=op.f('fk_attempt_script_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('campaign_id', 'customer_id', 'step', 'number', name='attempt_once')
    )
    op.create_index('attempt_due', 'attempt', ['due_at'], unique=False, postgresql_where="state IN ('planned', 'due')")
    op.create_index('attempt_of_campaign', 'attempt', ['campaign_id', 'state', 'outcome'], unique=False)
    op.create_index('attempt_of_customer', 'attempt', ['customer_id'], unique=False)
    op.create_index('attempt_open', 'attempt', ['expires_at'], unique=False, postgresql_where="state = 'open'")
    op.create_table('card',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('tail', sa.String(), nullable=False),
    sa.Column('product', sa.String(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('activated_on', sa.Date(), nullable=True),
    sa.Column('debit_bound', sa.Boolean(), nullable=True),
    sa.CheckConstraint("tail ~ '^[0-9]{4}$'", name=op.f('ck_card_tail_four_digits')),
    sa.CheckConstraint('activated_on IS NULL OR issued_on IS NULL OR activated_on >= issued_on', name=op.f('ck_card_card_in_order')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_card_customer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_card')),
    sa.UniqueConstraint('customer_id', 'tail', name='card_once')
    )
    op.create_index(op.f('ix_card_customer_id'), 'card', ['customer_id'], unique=False)
    op.create_table('consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('source', sa.String(), nullable=False),
    sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f('ck_consent_channel_known')),
    sa.CheckConstraint("purpose IN ('marketing', 'service')", name=op.f('ck_consent_purpose_known')),
    sa.CheckConstraint('expires_at IS NULL OR expires_at > given_at', name=op.f('ck_consent_consent_in_order')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_consent_customer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index('consent_in_force', 'consent', ['customer_id', 'channel', 'purpose'], unique=True, postgresql_where='withdrawn_at IS NULL')
    op.create_index(op.f('ix_consent_customer_id'), 'consent', ['customer_id'], unique=False)
    op.create_table('stop',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('campaign_id', sa.Uuid(), nullable=True),
    sa.Column('carrier', sa.String(), nullable=True),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.String(), nullable=True),
    sa.CheckConstraint("(scope = 'campaign') = (campaign_id IS NOT NULL)", name=op.f('ck_stop_campaign_named')),
    sa.CheckConstraint("(scope = 'carrier') = (carrier IS NOT NULL)", name=op.f('ck_stop_carrier_named')),
    sa.CheckConstraint("scope IN ('all', 'campaign', 'carrier')", name=op.f('ck_stop_scope_known')),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_stop_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stop'))
    )
    op.create_index('stop_standing', 'stop', ['scope', 'campaign_id', 'carrier'], unique=True, postgresql_where='lifted_at IS NULL', postgresql_nulls_not_distinct=True)
    op.create_table('suppression',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('phone_hash', sa.LargeBinary(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('channel', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.String(), nullable=True),
    sa.Column('lifted_why', sa.String(), nullable=True),
    sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f('ck_suppression_channel_known')),
    sa.CheckConstraint("source IN ('said', 'carrier', 'staff', 'list')", name=op.f('ck_suppression_source_known')),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by IS NULL)', name=op.f('ck_suppression_lifted_by_somebody')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_suppression_customer_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suppression'))
    )
    op.create_index(op.f('ix_suppression_customer_id'), 'suppression', ['customer_id'], unique=False)
    op.create_index('suppression_standing', 'suppression', ['phone_hash', 'channel'], unique=True, postgresql_where='lifted_at IS NULL', postgresql_nulls_not_distinct=True)
    op.create_table('conversation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('script_version_id', sa.Uuid(), nullable=False),
    sa.Column('variant', sa.String(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reason', sa.String(), nullable=True),
    sa.Column('flow_state', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('answer_after', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_heard_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f('ck_conversation_conversation_closed_with_outcome')),
    sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f('ck_conversation_channel_known')),
    sa.CheckConstraint("state IN ('open', 'with_staff', 'closed')", name=op.f('ck_conversation_state_known')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_conversation_attempt_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_conversation_customer_id')),
    sa.ForeignKeyConstraint(['script_version_id'], ['script_version.id'], name=op.f('fk_conversation_script_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conversation')),
    sa.UniqueConstraint('attempt_id', name=op.f('uq_conversation_attempt_id'))
    )
    op.create_index('conversation_latest', 'conversation', ['customer_id', 'opened_at'], unique=False)
    op.create_index('conversation_open_once', 'conversation', ['customer_id'], unique=True, postgresql_where="state <> 'closed'")
    op.create_table('callback',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('starts', sa.Time(), nullable=True),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_callback_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback'))
    )
    op.create_index('callback_standing', 'callback', ['conversation_id'], unique=True, postgresql_where='cancelled_at IS NULL')
    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('position', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('phone_hash', sa.LargeBinary(), nullable=True),
    sa.Column('side', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('media', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('carrier', sa.String(), nullable=True),
    sa.Column('carrier_ref', sa.String(), nullable=True),
    sa.Column('state', sa.Text(), nullable=True),
    sa.Column('starts_contact', sa.Boolean(), nullable=False),
    sa.Column('confirmation', sa.Boolean(), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=True),
    sa.Column('not_before', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('segments', sa.Integer(), nullable=False),
    sa.Column('error_code', sa.String(), nullable=True),
    sa.Column('verdict', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heard', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint("(side = 'bank') = (state IS NOT NULL)", name=op.f('ck_message_bank_texts_have_a_state')),
    sa.CheckConstraint("channel IN ('sms', 'voice')", name=op.f('ck_message_channel_known')),
    sa.CheckConstraint("side = 'customer' OR conversation_id IS NOT NULL", name=op.f('ck_message_bank_texts_belong')),
    sa.CheckConstraint("side IN ('bank', 'customer')", name=op.f('ck_message_side_known')),
    sa.CheckConstraint("state IN ('queued', 'claimed', 'sending', 'accepted', 'rejected', 'unknown', 'sent', 'delivered', 'failed')", name=op.f('ck_message_state_known')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_message_conversation_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_message_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    op.create_index('message_carrier_ref', 'message', ['carrier', 'carrier_ref'], unique=True, postgresql_where='carrier_ref IS NOT NULL')
    op.create_index('message_contacts', 'message', ['customer_id', 'at'], unique=False, postgresql_where='starts_contact')
    op.create_index('message_in_flight', 'message', ['lease_until'], unique=False, postgresql_where="state IN ('claimed', 'sending', 'unknown')")
    op.create_index('message_order', 'message', ['conversation_id', 'position'], unique=False)
    op.create_index('message_queued', 'message', ['not_before', 'position'], unique=False, postgresql_where="state = 'queued'")
    op.create_index('message_unanswered', 'message', ['conversation_id', 'position'], unique=False, postgresql_where="side = 'customer' AND answered_at IS NULL AND conversation_id IS NOT NULL")
    op.create_table('visit',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('branch_id', sa.Uuid(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('hour', sa.Time(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('booked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("part IN ('morning', 'afternoon', 'evening')", name=op.f('ck_visit_part_known')),
    sa.CheckConstraint("state IN ('booked', 'moved', 'cancelled')", name=op.f('ck_visit_state_known')),
    sa.CheckConstraint('part IS NOT NULL OR hour IS NOT NULL', name=op.f('ck_visit_visit_has_a_time')),
    sa.ForeignKeyConstraint(['branch_id'], ['branch.id'], name=op.f('fk_visit_branch_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_visit_conversation_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_visit_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit'))
    )
    op.create_index('visit_by_half_day', 'visit', ['branch_id', 'date', 'part'], unique=False, postgresql_where="state = 'booked'")
    op.create_index('visit_standing', 'visit', ['conversation_id'], unique=True, postgresql_where="state = 'booked'")
    op.create_table('staff_task',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Uuid(), nullable=True),
    sa.Column('conversation_id', sa.Uuid(), nullable=True),
    sa.Column('message_id', sa.Uuid(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(), nullable=True),
    sa.CheckConstraint("kind IN ('handover', 'complaint', 'callback', 'claim_check', 'closing', 'card_lost', 'wrong_number', 'late_reply', 'unknown_sender', 'activity', 'referral', 'bot_failed', 'too_many', 'unsent', 'unknown_send')", name=op.f('ck_staff_task_kind_known')),
    sa.CheckConstraint("state IN ('open', 'done')", name=op.f('ck_staff_task_state_known')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_staff_task_conversation_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_staff_task_customer_id')),
    sa.ForeignKeyConstraint(['message_id'], ['message.id'], name=op.f('fk_staff_task_message_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_task'))
    )
    op.create_index('task_open', 'staff_task', ['due_at'], unique=False, postgresql_where="state = 'open'")
    op.create_index('task_open_once', 'staff_task', ['conversation_id', 'kind'], unique=True, postgresql_where="state = 'open' AND conversation_id IS NOT NULL")


def downgrade() -> None:
    raise NotImplementedError("the first schema is not taken back; drop the database instead")
