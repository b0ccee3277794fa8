CREATE TABLE sequences (
  series {text} NOT NULL CONSTRAINT pk_sequences PRIMARY KEY,
  value {int} NOT NULL
);
CREATE TABLE audit (
  seq {seq},
  id {id} NOT NULL CONSTRAINT uq_audit__id UNIQUE,
  at {instant} NOT NULL,
  user_id {id} NOT NULL,
  entity {text} NOT NULL,
  record_id {id} NOT NULL,
  version {int} NOT NULL,
  action {text} NOT NULL,
  command {text} NOT NULL,
  source {text} NOT NULL,
  group_id {id},
  changes {json} NOT NULL
);
CREATE INDEX ix_audit__record ON audit (record_id, version);
CREATE INDEX ix_audit__at ON audit (at, id);
CREATE TABLE idempotency (
  user_id {id} NOT NULL,
  key {text} NOT NULL,
  request_hash {text} NOT NULL,
  answer {json} NOT NULL,
  at {instant} NOT NULL,
  CONSTRAINT uq_idempotency__user_id__key PRIMARY KEY (user_id, key)
);
CREATE INDEX ix_idempotency__at ON idempotency (at);
CREATE TABLE outbox_events (
  id {id} NOT NULL CONSTRAINT pk_outbox_events PRIMARY KEY,
  at {instant} NOT NULL,
  kind {text} NOT NULL,
  entity {text} NOT NULL,
  record_id {id} NOT NULL,
  user_id {id} NOT NULL,
  payload {json} NOT NULL
);
CREATE TABLE outbox_deliveries (
  event_id {id} NOT NULL REFERENCES outbox_events (id),
  consumer {text} NOT NULL,
  aggregate_id {id} NOT NULL,
  state {text} NOT NULL,
  attempts {int} NOT NULL,
  due_at {instant} NOT NULL,
  error {text},
  CONSTRAINT pk_outbox_deliveries PRIMARY KEY (event_id, consumer)
);
CREATE INDEX ix_outbox_deliveries__due ON outbox_deliveries (state, due_at);
CREATE INDEX ix_outbox_deliveries__aggregate ON outbox_deliveries (consumer, aggregate_id, state);
CREATE TABLE sessions (
  token_hash {bytes} NOT NULL CONSTRAINT pk_sessions PRIMARY KEY,
  user_id {id} NOT NULL,
  kind {text} NOT NULL,
  csrf {text} NOT NULL,
  label {text} NOT NULL,
  created_at {instant} NOT NULL,
  seen_at {instant} NOT NULL,
  expires_at {instant}
);
CREATE INDEX ix_sessions__user ON sessions (user_id);
CREATE TABLE drafts (
  user_id {id} NOT NULL,
  key {text} NOT NULL,
  body {json} NOT NULL,
  at {instant} NOT NULL,
  CONSTRAINT pk_drafts PRIMARY KEY (user_id, key)
);
CREATE TABLE settings (
  key {text} NOT NULL CONSTRAINT pk_settings PRIMARY KEY,
  value {json} NOT NULL
);
