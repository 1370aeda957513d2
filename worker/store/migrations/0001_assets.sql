-- One row per asset of a source. This is the truth about the work; the queue only drives it.
CREATE TABLE assets (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  source TEXT NOT NULL,
  asset TEXT NOT NULL,
  -- Which file the asset holds: with source and asset, the work key.
  identity TEXT NOT NULL,
  -- Rises whenever work starts anew; messages and leases of an earlier one are void.
  generation INTEGER NOT NULL DEFAULT 1,
  parent TEXT,
  ref TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'tagged', 'written', 'failed')),
  reason TEXT,
  detail TEXT,
  -- Attempts are counted before the work, failures after a caught error: the difference died silently.
  attempts INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  lease TEXT,
  lease_until INTEGER,
  queued_at INTEGER NOT NULL,
  -- When the sweep may enqueue the row again; NULL when there is nothing left to do.
  due_at INTEGER,
  -- SHA-256 of the picture's bytes.
  content TEXT,
  model TEXT,
  tags TEXT,
  -- What the last write-back left in the CMS.
  wrote TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (source, asset)
);
CREATE INDEX assets_due ON assets (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX assets_parent ON assets (source, parent) WHERE parent IS NOT NULL;
CREATE INDEX assets_status ON assets (status, seq);

-- Deliveries that have been accepted, to recognise a repetition.
CREATE TABLE deliveries (
  source TEXT NOT NULL,
  delivery TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (source, delivery)
) WITHOUT ROWID;
CREATE INDEX deliveries_age ON deliveries (received_at);

-- Up to when a CMS has been asked for its recent images.
CREATE TABLE sweeps (
  source TEXT PRIMARY KEY,
  swept_at INTEGER NOT NULL
) WITHOUT ROWID;
