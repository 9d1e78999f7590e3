/** What the hazard ledger can refuse, each by a name of its own: part of the table in problems.ts. */

export const HAZARD_PROBLEMS = {
  'area-unknown': [404, 'No such area is configured for the site', 'GET /api/v1/sites/{site} lists them'],
  'hazard-unknown': [
    404,
    'There is no such hazard, or it was closed more than thirty days ago',
    'GET /api/v1/hazards lists them; report it anew',
  ],
  'hazard-known': [409, 'The site has a hazard of that external number', 'look it up in the list'],
  'hazard-closed': [409, 'The hazard is closed', 'open it again, with a reason'],
  'hazard-not-closed': [409, 'The hazard is not closed', 'look at the hazard as it is now'],
  'hazard-already-rectified': [409, 'The hazard waits to be verified', 'verify or reject it'],
  'hazard-not-rectified': [409, 'The hazard has not been rectified', 'rectify it first'],
  'hazard-already-verified': [409, 'The hazard has been verified', 'close or reject it'],
  'hazard-not-verified': [409, 'The hazard has not been verified', 'have somebody else verify it first'],
  'hazard-same-person': [
    409,
    'Who mended it, or was to, cannot verify it',
    'have somebody verify it who neither owns nor rectified it',
  ],
  'hazard-supervised': [409, 'The hazard is under supervision', 'lift the order first'],
  'hazard-already-supervised': [409, 'The hazard is under supervision already', 'lift that order first'],
  'hazard-not-supervised': [409, 'The hazard is not under supervision', 'look at the hazard as it is now'],
  'hazard-owner-missing': [400, 'Nobody was named to own it', 'name somebody as `to`'],
  'hazard-text-missing': [400, 'There are no words', 'write `text`'],
  'hazard-reason-missing': [400, 'There is no reason', 'write `reason`'],
  'hazard-deadline-missing': [400, 'There is no deadline', 'name one as `deadline`'],
  'hazard-deadline-past': [400, 'The time has passed', 'name one that lies ahead'],
  'hazard-deadline-not-later': [409, 'The hazard has that deadline, or a later one', 'name a later one'],
  'hazard-order-missing': [400, 'Supervision needs an order', 'name its `level` and number, `order`'],
  'sheet-unreadable': [400, 'The file is neither CSV nor XLSX', 'send one as the export writes it'],
  'sheet-too-large': [413, 'The file has too many rows, or unpacks to too much', 'split it'],
} as const satisfies Record<string, readonly [number, string, string]>
