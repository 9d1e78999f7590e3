/** What the alarm desk refuses, as part of the table of problems: code, status, what it is, what to do. */

const CHANGED = 'look at the alarm as it is now'

/** Codes of commands are the alarm desk's own: the same in a replay. */
export const DESK_PROBLEMS = {
  'nothing-to-ack': [409, 'The alarm is over: there is nothing to acknowledge', CHANGED],
  'already-acked': [409, 'The alarm has been acknowledged already', CHANGED],
  'not-acked': [409, 'The alarm has not been acknowledged yet', 'acknowledge it first'],
  'still-active': [409, 'The condition of the alarm has not ended', 'wait until it has returned to normal'],
  'nothing-to-confirm': [409, 'The alarm does not wait for confirmation', CHANGED],
  'nothing-to-reset': [409, 'The alarm is not latched', CHANGED],
  'already-shelved': [409, 'The alarm is shelved already', 'unshelve it first'],
  'not-shelved': [409, 'The alarm is not shelved', CHANGED],
  'shelf-too-long': [409, 'An alarm is shelved for 24 h at most', 'give a shorter `for` or an earlier `until`'],
  'already-out-of-service': [409, 'The alarm is out of service already', CHANGED],
  'already-in-service': [409, 'The alarm is in service already', CHANGED],
  'until-past': [409, 'That time has passed', 'give a later `until`'],
  'reason-missing': [400, 'No reason was given', 'say why, as `reason`'],
  'until-missing': [400, 'No end was given', 'say until when, as `until` or `for`'],
  'witness-missing': [400, 'No witness was named', 'name who stands by, as `witness`'],
  'witness-same': [409, 'The witness is the one who does it', 'name somebody else as `witness`'],
  'comment-empty': [409, 'The comment is empty', 'say something, as `text`'],
  'assignee-missing': [409, 'Nobody was named', 'name the new owner, as `to`'],
  'attachment-missing': [400, 'No file was named', 'upload it to POST /api/v1/attachments, then name its `sha256`'],
  'attachment-unknown': [404, 'No such file is kept', 'upload it to POST /api/v1/attachments first'],
  'attachment-empty': [400, 'The file is empty', 'send its bytes as the body'],
  'attachments-full': [
    507,
    'The room for attachments is used up',
    'move old files out of `attachments/` of the data folder',
  ],
  'shelf-statutory': [403, 'What a clause asks for is shelved by a supervisor', 'ask a supervisor'],
  'window-placeless': [409, 'The window is for no place, or for two', 'give either `points` or an `area`'],
  'window-too-long': [409, 'A window lasts 24 h at most', 'give an earlier `until`'],
  'windows-full': [409, 'Too many windows are declared', 'end some of them'],
  'desk-unknown': [404, 'There is no such desk', 'name a desk of duty.yaml, or a site'],
  'handover-same': [409, 'A desk is handed over from one person to another', 'name both, as `outgoing` and `incoming`'],
} as const satisfies Record<string, readonly [number, string, string]>

/** What a command on an alarm may be refused for. */
export const COMMAND_PROBLEMS = [
  'nothing-to-ack',
  'already-acked',
  'not-acked',
  'still-active',
  'nothing-to-confirm',
  'nothing-to-reset',
  'already-shelved',
  'not-shelved',
  'shelf-too-long',
  'shelf-statutory',
  'already-out-of-service',
  'already-in-service',
  'until-past',
  'reason-missing',
  'until-missing',
  'witness-missing',
  'witness-same',
  'comment-empty',
  'assignee-missing',
  'attachment-missing',
  'attachment-unknown',
] as const satisfies readonly (keyof typeof DESK_PROBLEMS)[]
