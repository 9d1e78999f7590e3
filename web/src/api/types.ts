/** The service's bodies as the page uses them; the one place where the page looks into the service's source, and only at types. */
import type { AlarmBody, TransitionBody } from '../../../src/app/api/schemas.ts'

export type {
  AlarmBody,
  AlarmDetail,
  AlarmList,
  AreaBody,
  BucketBody,
  CommandReply,
  EvidenceBody,
  LevelBody,
  PeopleList,
  PersonBody,
  PointBody,
  PointList,
  RemarkBody,
  Series,
  SessionBody,
  SiteDetail,
  SiteList,
  SiteView,
  TransitionBody,
} from '../../../src/app/api/schemas.ts'
export type { CountsEvent, HelloEvent, LetterBody, LetterList } from '../../../src/app/api/schemas-admin.ts'
export type {
  BacktestJob,
  ComparisonBody,
  EpisodeBody,
  RuleBody,
  RuleList,
  ShiftedBody,
} from '../../../src/app/api/schemas-backtest.ts'
export type {
  AttachmentBody,
  CommandBody,
  HandoverEntry,
  HandoverList,
  HushBody,
  WindowBody,
} from '../../../src/app/api/schemas-desk.ts'
export type { DiskBody } from '../../../src/app/api/schemas-disk.ts'
export type {
  DeclaredWindow,
  DutyDeskBody,
  DutyTree,
  OutOfServiceBody,
  WindowList,
} from '../../../src/app/api/schemas-duty.ts'
export type {
  HazardBody,
  HazardDeedBody,
  HazardDetail,
  HazardList,
  HazardStatisticsBody,
  HazardStepBody,
  ImportReply,
  NewHazard,
} from '../../../src/app/api/schemas-hazards.ts'
export type { AlarmKpi } from '../../../src/app/api/schemas-kpi.ts'
export type {
  ConfigurationBody,
  DataQualityBody,
  ForwardBody,
  ForwardList,
  LinkBody,
  LinksEvent,
  SourceBody,
  SourceList,
  TrafficEvent,
  WayBody,
} from '../../../src/app/api/schemas-links.ts'
export type {
  ChannelBody,
  ChannelList,
  ChannelTestReply,
  DeliveryBody,
  NotificationBody,
  NotificationList,
} from '../../../src/app/api/schemas-notifications.ts'
export type { ReportBody } from '../../../src/app/api/schemas-reports.ts'

export type Severity = AlarmBody['severity']
export type AlarmState = AlarmBody['state']
export type Cause = TransitionBody['cause']

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'major', 'minor', 'notice']
