/** The cases of `suspect`. */
import { testCases } from '../../../test/rule-cases.ts'

testCases('suspect')
