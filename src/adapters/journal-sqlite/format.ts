/** The journal's file: one blob a group of entries, and the numbers of the points in them. */
import { POINTS_SCHEMA } from '../sqlite/points.ts'

export const JOURNAL_VERSION = 1

/** `first` to `last` are offsets; `at` is the arrival of the first, so that a time can be found without opening a body. */
export const JOURNAL_SCHEMA = `${POINTS_SCHEMA};
CREATE TABLE IF NOT EXISTS entries (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL)`
