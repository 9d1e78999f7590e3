/** The cases of `weld-permit`, from the first entry on and from a snapshot before every entry. */
import { testCases } from '../../../test/rule-cases.ts'

testCases('weld-permit')
