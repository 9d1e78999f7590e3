/** Status codes that say "not now": whoever asks again may be answered otherwise. */

const PASSING = new Set([
  'BadUnexpectedError',
  'BadInternalError',
  'BadOutOfMemory',
  'BadResourceUnavailable',
  'BadCommunicationError',
  'BadTimeout',
  'BadRequestTimeout',
  'BadShutdown',
  'BadServerHalted',
  'BadServerNotConnected',
  'BadTooManyOperations',
  'BadNoCommunication',
  'BadWaitingForInitialData',
  'BadContinuationPointInvalid',
  'BadNoContinuationPoints',
  'BadTcpServerTooBusy',
  'BadTcpNotEnoughResources',
  'BadDataUnavailable',
  'BadSessionIdInvalid',
  'BadSessionClosed',
  'BadSecureChannelIdInvalid',
  'BadSecureChannelClosed',
  'BadConnectionClosed',
  'BadInvalidState',
  'no answer',
])

/** Whether what a server answers so is worth asking for again. `no answer`: it left it out. */
export function isPassing(status: string): boolean {
  return PASSING.has(status)
}
