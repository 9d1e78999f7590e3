/** The history's file: readings by point and time, and where each card was seen. */
import type { Quality, Timing } from '../../model/reading.ts'
import { POINTS_SCHEMA } from '../sqlite/points.ts'

export const HISTORY_VERSION = 1

/** `value` is a number, or JSON text; `lag` is arrival less event time; `seq` tells apart different values of one instant. */
export const HISTORY_SCHEMA = `${POINTS_SCHEMA};
CREATE TABLE IF NOT EXISTS reading (
  point INTEGER NOT NULL, ts INTEGER NOT NULL, seq INTEGER NOT NULL, value NOT NULL, flags INTEGER NOT NULL,
  lag INTEGER NOT NULL, status TEXT, ref TEXT, PRIMARY KEY (point, ts, seq)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS card (id INTEGER PRIMARY KEY, site TEXT NOT NULL, card TEXT NOT NULL, UNIQUE (site, card));
CREATE TABLE IF NOT EXISTS sighting (
  card INTEGER NOT NULL, ts INTEGER NOT NULL, point INTEGER NOT NULL, gone INTEGER NOT NULL,
  PRIMARY KEY (card, ts, point)) WITHOUT ROWID`

/** By their place in `flags`; a worse quality is a larger number. */
export const QUALITIES: readonly Quality[] = ['good', 'uncertain', 'bad']
export const TIMINGS: readonly Timing[] = ['live', 'late', 'early']
export const QUALITY = 0b11
export const TIMING_SHIFT = 2
export const STAMPED = 0b1_0000
