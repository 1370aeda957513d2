-- One row per walk over a bucket: where it is, and how far its pictures are.
CREATE TABLE backfills (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  bucket TEXT NOT NULL,
  prefix TEXT NOT NULL,
  -- The binding of the bucket that gets the results as NDJSON.
  results TEXT,
  status TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'paused', 'cancelled', 'done')),
  -- The last key that was read; the next page begins after it.
  cursor TEXT,
  -- 1 while keys may be left.
  listing INTEGER NOT NULL DEFAULT 1,
  found INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  -- Kept by the triggers below: rows that this walk brought, and where they stand.
  queued INTEGER NOT NULL DEFAULT 0,
  pending INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  -- The last row (`assets.seq`) in the results, and in how many files; NULL when all are written.
  exported INTEGER DEFAULT 0,
  parts INTEGER NOT NULL DEFAULT 0,
  -- What the rate is measured from: the start or the last resumption, and what was finished then.
  since INTEGER NOT NULL,
  since_finished INTEGER NOT NULL DEFAULT 0,
  -- When the sweep may drive the walk again; NULL when there is nothing left to drive.
  due_at INTEGER,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) WITHOUT ROWID;
CREATE INDEX backfills_due ON backfills (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX backfills_age ON backfills (created_at);

-- The walk that brought the row's present file; NULL for webhooks and notifications.
ALTER TABLE assets ADD COLUMN backfill TEXT;
CREATE INDEX assets_backfill ON assets (backfill, due_at) WHERE backfill IS NOT NULL;
-- The same bytes are tagged once, whoever sends them.
CREATE INDEX assets_content ON assets (content, model) WHERE content IS NOT NULL;

-- A row with work left is pending, else done or failed.
CREATE TRIGGER backfill_brought AFTER INSERT ON assets WHEN NEW.backfill IS NOT NULL
BEGIN
  UPDATE backfills SET queued = queued + 1, pending = pending + 1 WHERE id = NEW.backfill;
END;

CREATE TRIGGER backfill_moved AFTER UPDATE OF status, due_at, backfill ON assets
WHEN (OLD.backfill IS NOT NULL OR NEW.backfill IS NOT NULL)
  AND (OLD.backfill IS NOT NEW.backfill OR OLD.status <> NEW.status OR (OLD.due_at IS NULL) <> (NEW.due_at IS NULL))
BEGIN
  UPDATE backfills SET
    pending = pending - (OLD.due_at IS NOT NULL),
    done = done - (OLD.due_at IS NULL AND OLD.status <> 'failed'),
    failed = failed - (OLD.due_at IS NULL AND OLD.status = 'failed')
  WHERE id = OLD.backfill;
  UPDATE backfills SET
    queued = queued + (OLD.backfill IS NOT NEW.backfill),
    pending = pending + (NEW.due_at IS NOT NULL),
    done = done + (NEW.due_at IS NULL AND NEW.status <> 'failed'),
    failed = failed + (NEW.due_at IS NULL AND NEW.status = 'failed')
  WHERE id = NEW.backfill;
  UPDATE backfills SET status = 'done', finished_at = NEW.updated_at
  WHERE id IN (OLD.backfill, NEW.backfill) AND status = 'running' AND listing = 0 AND pending = 0;
  UPDATE backfills SET status = 'running', finished_at = NULL
  WHERE id = NEW.backfill AND status = 'done' AND pending > 0;
END;

CREATE TRIGGER backfill_erased AFTER DELETE ON assets WHEN OLD.backfill IS NOT NULL
BEGIN
  UPDATE backfills SET
    pending = pending - (OLD.due_at IS NOT NULL),
    done = done - (OLD.due_at IS NULL AND OLD.status <> 'failed'),
    failed = failed - (OLD.due_at IS NULL AND OLD.status = 'failed')
  WHERE id = OLD.backfill;
  UPDATE backfills SET status = 'done', finished_at = OLD.updated_at
  WHERE id = OLD.backfill AND status = 'running' AND listing = 0 AND pending = 0;
END;
