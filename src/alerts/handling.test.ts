/** The cases of what becomes of alarms once they are raised. */
import { testCasesIn } from '../../test/rule-cases.ts'

testCasesIn('src/alerts/handling.cases.yaml')
testCasesIn('src/alerts/suppress.cases.yaml')
testCasesIn('src/alerts/escalate.cases.yaml')
testCasesIn('src/alerts/quiet.cases.yaml')
testCasesIn('src/alerts/rush.cases.yaml')
