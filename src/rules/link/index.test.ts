/** The cases of `link`, from the first entry on and from a snapshot before every entry. */
import { testCases } from '../../../test/rule-cases.ts'

testCases('link')
