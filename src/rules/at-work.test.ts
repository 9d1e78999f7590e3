/** `work`, for rules that know no calendar. */
import { testCasesIn } from '../../test/rule-cases.ts'

testCasesIn('src/rules/at-work.cases.yaml')
