/** The wire form of Sparkplug B: its messages by their public field numbers. */
import protobuf from 'protobufjs/light.js'

const optional = (type: string, id: number) => ({ type, id })
const repeated = (type: string, id: number) => ({ rule: 'repeated' as const, type, id })
/** Proto 2: numbers of a list are not packed when written, and read either way. */
const unpacked = (type: string, id: number) => ({ ...repeated(type, id), options: { packed: false } })

/** The value fields that a metric, a property, a cell and a parameter share, from `id` on. */
const scalars = (id: number) => ({
  intValue: optional('uint32', id),
  longValue: optional('uint64', id + 1),
  floatValue: optional('float', id + 2),
  doubleValue: optional('double', id + 3),
  booleanValue: optional('bool', id + 4),
  stringValue: optional('string', id + 5),
})
const choice = (...more: readonly string[]) => ({ value: { oneof: [...Object.keys(scalars(0)), ...more] } })

const root = protobuf.Root.fromJSON({
  nested: {
    Payload: {
      fields: {
        timestamp: optional('uint64', 1),
        metrics: repeated('Metric', 2),
        seq: optional('uint64', 3),
        uuid: optional('string', 4),
        body: optional('bytes', 5),
      },
    },
    Metric: {
      oneofs: choice('bytesValue', 'datasetValue', 'templateValue'),
      fields: {
        name: optional('string', 1),
        alias: optional('uint64', 2),
        timestamp: optional('uint64', 3),
        datatype: optional('uint32', 4),
        isHistorical: optional('bool', 5),
        isTransient: optional('bool', 6),
        isNull: optional('bool', 7),
        properties: optional('PropertySet', 9),
        ...scalars(10),
        bytesValue: optional('bytes', 16),
        datasetValue: optional('DataSet', 17),
        templateValue: optional('Template', 18),
      },
    },
    PropertySet: { fields: { keys: repeated('string', 1), values: repeated('PropertyValue', 2) } },
    PropertyValue: {
      oneofs: choice(),
      fields: { type: optional('uint32', 1), isNull: optional('bool', 2), ...scalars(3) },
    },
    DataSet: {
      fields: {
        numOfColumns: optional('uint64', 1),
        columns: repeated('string', 2),
        types: unpacked('uint32', 3),
        rows: repeated('Row', 4),
      },
    },
    Row: { fields: { elements: repeated('Cell', 1) } },
    Cell: { oneofs: choice(), fields: scalars(1) },
    Template: {
      fields: {
        version: optional('string', 1),
        metrics: repeated('Metric', 2),
        parameters: repeated('Parameter', 3),
        templateRef: optional('string', 4),
        isDefinition: optional('bool', 5),
      },
    },
    Parameter: {
      oneofs: choice(),
      fields: { name: optional('string', 1), type: optional('uint32', 2), ...scalars(3) },
    },
  },
})

const payload = root.lookupType('Payload')

/** Fields of each message by its name, for whoever says where bytes go wrong. */
export const MESSAGES: Readonly<
  Record<
    string,
    readonly { readonly id: number; readonly name: string; readonly type: string; readonly repeated: boolean }[]
  >
> = Object.fromEntries(
  root.nestedArray.map((message) => [
    message.name,
    (message as protobuf.Type).fieldsArray.map(({ id, name, type, repeated }) => ({ id, name, type, repeated })),
  ]),
)

/** A 64-bit number as the two halves of it. */
export interface Halves {
  readonly low: number
  readonly high: number
  readonly unsigned?: boolean
}

/** A value as it stands on the wire: at most one field is there. Numbers without a sign bit of their own are unsigned. */
export interface WireValue {
  readonly intValue?: number
  readonly longValue?: Halves
  readonly floatValue?: number
  readonly doubleValue?: number
  readonly booleanValue?: boolean
  readonly stringValue?: string
  readonly bytesValue?: Uint8Array
  readonly datasetValue?: WireDataSet
  readonly templateValue?: {
    readonly metrics?: readonly WireMetric[]
    readonly isDefinition?: boolean
    readonly templateRef?: string
  }
}

export interface WireDataSet {
  readonly columns?: readonly string[]
  readonly types?: readonly number[]
  readonly rows?: readonly { readonly elements?: readonly WireValue[] }[]
}

export interface WireMetric extends WireValue {
  readonly name?: string
  readonly alias?: Halves
  readonly timestamp?: Halves
  readonly datatype?: number
  readonly isHistorical?: boolean
  readonly isNull?: boolean
  readonly properties?: {
    readonly keys?: readonly string[]
    readonly values?: readonly ({ readonly type?: number; readonly isNull?: boolean } & WireValue)[]
  }
}

export interface WirePayload {
  readonly timestamp?: Halves
  readonly metrics?: readonly WireMetric[]
  readonly seq?: Halves
}

/** Reads the bytes of a payload. Throws where they are none; fields that nobody knows are passed over. */
export function readWire(bytes: Uint8Array): WirePayload {
  // Fields that are not there must read as absent, not as the prototype's zero.
  return payload.toObject(payload.decode(bytes)) as WirePayload
}

/** Writes a payload. */
export function writeWire(message: WirePayload): Uint8Array {
  return payload.encode(message as Record<string, unknown>).finish()
}
