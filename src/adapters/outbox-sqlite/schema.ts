/** The outbox's file: transitions that wait to be told, and the messages they were put into. */

export const OUTBOX_VERSION = 1

/** `rank` is the severity, 0 the most severe. An item without a message waits. `transition_id` holds what its transition is known by
 *  (`originOf`): it is taken once, with all its targets. What is asked of those that wait is answered from an index alone: there may be a
 *  hundred thousand of them. */
export const OUTBOX_SCHEMA = `
CREATE TABLE IF NOT EXISTS message (
  n INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, channel TEXT NOT NULL, target TEXT NOT NULL,
  rank INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, created INTEGER NOT NULL,
  next INTEGER NOT NULL, tried INTEGER, answer TEXT, items INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS message_by_channel ON message (channel, n);
CREATE INDEX IF NOT EXISTS message_by_state ON message (state, channel, rank, n);

CREATE TABLE IF NOT EXISTS item (
  n INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, target TEXT NOT NULL, transition_id TEXT NOT NULL,
  alarm TEXT NOT NULL, rank INTEGER NOT NULL, grouped TEXT NOT NULL, created INTEGER NOT NULL, due INTEGER NOT NULL,
  message INTEGER REFERENCES message (n), body TEXT NOT NULL, UNIQUE (channel, target, transition_id));
CREATE INDEX IF NOT EXISTS item_waiting ON item (channel, rank, target, grouped, due) WHERE message IS NULL;
CREATE INDEX IF NOT EXISTS item_group ON item (channel, target, grouped, rank) WHERE message IS NULL;
CREATE INDEX IF NOT EXISTS item_age ON item (channel, created) WHERE message IS NULL;
CREATE INDEX IF NOT EXISTS item_by_alarm ON item (alarm, n);
CREATE INDEX IF NOT EXISTS item_by_transition ON item (transition_id);
CREATE INDEX IF NOT EXISTS item_by_message ON item (message);

CREATE TABLE IF NOT EXISTS attempt (channel TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_by_time ON attempt (channel, at)`
