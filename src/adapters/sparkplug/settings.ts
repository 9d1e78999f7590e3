/** Settings of the Sparkplug B host application: which names its nodes' metrics have here. */
import Type, { type Static } from 'typebox'

/** The properties, for the settings of whoever carries Sparkplug. */
export const SPARKPLUG = {
  host: Type.String({
    pattern: '^[^/+#]+$',
    expects: 'a name without /, + and #',
    default: 'davylamp',
    description:
      'our host id: nodes that have it as their primary host keep their data while `spBv1.0/STATE/{host}` is offline',
  }),
  groups: Type.Record(Type.String(), Type.String({ minLength: 1 }), {
    default: {},
    description: 'site of a group; a group that is not named here is a site of that name',
  }),
  point: Type.String({
    default: '{metric}',
    pattern: '\\{metric\\}',
    expects: 'a pattern that has {metric} in it',
    description: 'point of a metric, by `{edge}`, `{device}` (empty for a metric of the node itself) and `{metric}`',
  }),
  points: Type.Record(Type.String(), Type.String({ minLength: 1 }), {
    default: {},
    description: 'point of single metrics: `group/edge/device/metric`, or `group/edge/metric` of the node itself',
  }),
  ignore: Type.Array(Type.String({ minLength: 1 }), {
    default: ['bdSeq', 'Node Control/', 'Device Control/', 'Properties/'],
    description: 'metrics whose names begin so are no readings',
  }),
  nodes: Type.Array(Type.String({ pattern: '^[^/+#]+/[^/+#]+$', expects: 'a node as group/edge' }), {
    default: [],
    description:
      'nodes, as `group/edge`, that are asked for their births when the service starts; others when they first speak',
  }),
  reorder: Type.Integer({
    minimum: 0,
    default: 2,
    description: 'seconds a missing message may be late before a rebirth is requested',
  }),
  rebirth: Type.Integer({ minimum: 1, default: 30, description: 'seconds between two such requests to one node' }),
  maxNodes: Type.Integer({ minimum: 1, default: 1_000, description: 'nodes known at once' }),
  maxMetrics: Type.Integer({ minimum: 1, default: 20_000, description: 'metrics of one node' }),
}

const Schema = Type.Object(SPARKPLUG)
export type SparkplugSettings = Static<typeof Schema>
