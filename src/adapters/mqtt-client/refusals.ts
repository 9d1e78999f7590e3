/** Why a broker refuses, in words: return codes of MQTT 3.1.1, reason codes of MQTT 5. */

const REASONS: Readonly<Record<number, string>> = {
  1: 'it does not speak this version of MQTT',
  2: 'it does not accept the client id',
  3: 'it is not available',
  4: 'wrong user name or password',
  5: 'not authorised',
  130: 'protocol error',
  132: 'it does not speak this version of MQTT',
  133: 'it does not accept the client id',
  134: 'wrong user name or password',
  135: 'not authorised',
  136: 'it is not available',
  137: 'it is busy',
  138: 'banned',
  139: 'it is shutting down',
  141: 'it heard nothing from us for too long',
  142: 'another client took over our `clientId`',
  147: 'more messages than it may have under way',
  149: 'a packet was too large',
  151: 'a quota is used up',
}

/** The words for a code. */
export function refusalOf(code: number): string {
  return REASONS[code] ?? `code ${code}`
}
