/** How many generated histories a property is tried on: few in `npm test`, many in `npm run test:long`, which sets DAVY_THOROUGH. */

export function runs(few: number, many: number): number {
  return process.env.DAVY_THOROUGH ? many : few
}
