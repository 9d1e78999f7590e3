/** The cases of `head-count`, from the first entry on and from a snapshot before every entry. */
import { testCases } from '../../../test/rule-cases.ts'

testCases('head-count')
