/** A test of seconds beside the code that it is of: `npm test` leaves it out, `npm run test:long` does not. */
import { test } from 'vitest'

export const long = test.skipIf(!process.env.DAVY_THOROUGH)
