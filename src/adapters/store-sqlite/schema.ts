/** The store's file: snapshots, dead letters, the alarm list and every transition, the list of hazards. */
import { DESK_SCHEMA } from './desk-table.ts'
import { HAZARD_SCHEMA } from './hazard-table.ts'

export const STORE_VERSION = 1

/** Times are integer milliseconds. `alarm_ack` holds when an episode was first acknowledged, by the alarm's row; `alarm_withdrawn` the rows of episodes that the program does not derive from the journal any more. The alarm list's indexes carry the row's id behind `raised`, so each serves a page in order. */
export const STORE_SCHEMA = `
CREATE TABLE IF NOT EXISTS snapshot (
  id INTEGER PRIMARY KEY, upto INTEGER NOT NULL, hash TEXT NOT NULL, crc INTEGER NOT NULL, body BLOB NOT NULL);

CREATE TABLE IF NOT EXISTS letter (
  id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, topic TEXT NOT NULL, at INTEGER NOT NULL,
  code TEXT NOT NULL, detail TEXT NOT NULL, replayed INTEGER NOT NULL DEFAULT 0, payload BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS letter_by_code ON letter (code, id);
CREATE TABLE IF NOT EXISTS letter_count (code TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS transition (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, alarm TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS transition_by_alarm ON transition (alarm, seq);

CREATE TABLE IF NOT EXISTS alarm (
  id INTEGER PRIMARY KEY, alarm TEXT NOT NULL, episode INTEGER NOT NULL, revision INTEGER NOT NULL,
  site TEXT NOT NULL, rule TEXT NOT NULL, state TEXT NOT NULL, severity TEXT NOT NULL,
  raised INTEGER NOT NULL, cleared INTEGER, last INTEGER NOT NULL, UNIQUE (alarm, episode));
CREATE INDEX IF NOT EXISTS alarm_by_time ON alarm (raised);
CREATE INDEX IF NOT EXISTS alarm_by_site ON alarm (site, raised);
CREATE INDEX IF NOT EXISTS alarm_by_rule ON alarm (rule, raised);
CREATE INDEX IF NOT EXISTS alarm_by_severity ON alarm (severity, raised);
CREATE INDEX IF NOT EXISTS alarm_by_state ON alarm (state, raised);
CREATE INDEX IF NOT EXISTS alarm_by_site_rule ON alarm (site, rule, raised);
CREATE INDEX IF NOT EXISTS alarm_by_site_severity ON alarm (site, severity, raised);
CREATE INDEX IF NOT EXISTS alarm_by_rule_severity ON alarm (rule, severity, raised);
CREATE INDEX IF NOT EXISTS alarm_by_site_state ON alarm (site, state, raised);
CREATE TABLE IF NOT EXISTS alarm_ack (alarm INTEGER PRIMARY KEY, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS alarm_withdrawn (alarm INTEGER PRIMARY KEY);

${DESK_SCHEMA}
${HAZARD_SCHEMA}`
