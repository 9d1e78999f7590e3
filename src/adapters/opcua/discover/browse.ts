/** Walks a server's address space and lists the variables that could be points; nothing is subscribed and nothing written. */
import {
  AttributeIds,
  BrowseDirection,
  type ClientSession,
  DataType,
  MessageSecurityMode,
  NodeClass,
  OPCUACertificateManager,
  OPCUAClient,
  type ReferenceDescription,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua'

export interface Login {
  readonly endpoint: string
  readonly security: 'None' | 'Basic256Sha256'
  readonly user?: string
  readonly password?: string
  /** Folder of own, trusted and rejected certificates. */
  readonly certificates: string
}

export interface Variable {
  /** `nsu=<namespace URI>;s=…`: good for the next start of the server, too. */
  readonly node: string
  /** Browse names from below the start, without namespaces. */
  readonly path: readonly string[]
  readonly description?: string
  /** `number`, `boolean`, `string`; `undefined`: a type no point can have. */
  readonly shape?: 'number' | 'boolean' | 'string'
  readonly array: boolean
  readonly unit?: string
  readonly range?: readonly [number, number]
}

export interface Found {
  readonly variables: readonly Variable[]
  /** There was more than was asked for. */
  readonly more: boolean
}

type Session = ClientSession

/** Nodes looked at in one call. */
const AT_ONCE = 100
const DEEPEST = 12
/** The server's own diagnostics, types and views are no field. */
const OWN = new Set(['ns=0;i=2253', 'ns=0;i=23470', 'ns=0;i=31915'])

/** Throws where the server cannot be reached, or does not let us in. `onProgress` hears how many variables were found so far. */
export async function browseServer(
  login: Login,
  {
    start = 'i=85',
    most = 5_000,
    onProgress = () => {},
  }: { start?: string; most?: number; onProgress?: (found: number) => void } = {},
): Promise<Found> {
  const clientCertificateManager = new OPCUACertificateManager({
    rootFolder: login.certificates,
    automaticallyAcceptUnknownCertificate: false,
  })
  const open = login.security === 'None'
  const client = OPCUAClient.create({
    applicationName: 'Davylamp',
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    securityPolicy: open ? SecurityPolicy.None : SecurityPolicy.Basic256Sha256,
    securityMode: open ? MessageSecurityMode.None : MessageSecurityMode.SignAndEncrypt,
    clientCertificateManager,
    transportTimeout: 10_000,
    defaultTransactionTimeout: 15_000,
  })
  const identity: UserIdentityInfo =
    login.user === undefined
      ? { type: UserTokenType.Anonymous }
      : { type: UserTokenType.UserName, userName: login.user, password: login.password ?? '' }
  try {
    await client.connect(login.endpoint)
    const session = await client.createSession(identity)
    try {
      return await walk(session, { start, most, onProgress })
    } finally {
      await session.close(true).catch(() => {})
    }
  } finally {
    await client.disconnect().catch(() => {})
    await clientCertificateManager.dispose().catch(() => {})
  }
}

interface Place {
  readonly nodeId: string
  readonly path: readonly string[]
}

async function walk(
  session: Session,
  { start, most, onProgress }: { start: string; most: number; onProgress: (found: number) => void },
): Promise<Found> {
  const namespaces = await session.readNamespaceArray()
  const seen = new Set<string>()
  const variables: Variable[] = []
  let level: Place[] = [{ nodeId: start, path: [] }]
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const below: Place[] = []
    for (let i = 0; i < level.length; i += AT_ONCE) {
      const places = level.slice(i, i + AT_ONCE)
      const children = await browse(session, places)
      const found: Place[] = []
      for (const [n, references] of children.entries()) {
        for (const reference of references) {
          const nodeId = reference.nodeId.toString()
          // A node may hang in several places, and in a ring.
          if (seen.has(nodeId) || OWN.has(nodeId)) continue
          seen.add(nodeId)
          const place = { nodeId, path: [...places[n]!.path, reference.browseName.name ?? nodeId] }
          if (reference.nodeClass === NodeClass.Variable) found.push(place)
          below.push(place)
        }
      }
      for (let j = 0; j < found.length; j += AT_ONCE) {
        variables.push(...(await describe(session, { places: found.slice(j, j + AT_ONCE), namespaces })))
        onProgress(variables.length)
        if (variables.length >= most) return { variables: variables.slice(0, most), more: true }
      }
    }
    level = below
  }
  return { variables, more: level.length > 0 }
}

/** The components and members of each place, properties left out. */
async function browse(session: Session, places: readonly Place[]): Promise<ReferenceDescription[][]> {
  const results = await session.browse(
    places.map(({ nodeId }) => ({
      nodeId,
      browseDirection: BrowseDirection.Forward,
      referenceTypeId: 'HierarchicalReferences',
      includeSubtypes: true,
      nodeClassMask: NodeClass.Object | NodeClass.Variable,
      resultMask: 0x3f,
    })),
  )
  return Promise.all(
    results.map(async ({ references, continuationPoint }) => {
      const all = [...(references ?? [])]
      for (let point = continuationPoint; point && point.length > 0; ) {
        const next = await session.browseNext(point, false)
        all.push(...(next.references ?? []))
        point = next.continuationPoint
      }
      return all.filter(({ referenceTypeId }) => referenceTypeId.toString() !== HAS_PROPERTY)
    }),
  )
}

const HAS_PROPERTY = 'ns=0;i=46'

async function describe(
  session: Session,
  { places, namespaces }: { places: readonly Place[]; namespaces: readonly string[] },
): Promise<Variable[]> {
  const attributes = [AttributeIds.Value, AttributeIds.ValueRank, AttributeIds.Description] as const
  const values = await session.read(
    places.flatMap(({ nodeId }) => attributes.map((attributeId) => ({ nodeId, attributeId }))),
  )
  const properties = await propertiesOf(session, places)
  return places.map(({ nodeId, path }, i) => {
    const [value, rank, description] = [0, 1, 2].map((n) => values[i * attributes.length + n]!)
    const text = (description?.value?.value as { text?: string | null } | null)?.text
    const shape = shapeOf(value?.value?.dataType)
    const { unit, range } = properties[i]!
    return {
      node: portable(nodeId, namespaces),
      path,
      ...(text && { description: text }),
      ...(shape && { shape }),
      array: Number(rank?.value?.value ?? -1) >= 0,
      ...(unit !== undefined && { unit }),
      ...(range && { range }),
    }
  })
}

function shapeOf(type: DataType | undefined): Variable['shape'] {
  if (type === DataType.Boolean) return 'boolean'
  if (type === DataType.String || type === DataType.LocalizedText) return 'string'
  return type !== undefined && type >= DataType.SByte && type <= DataType.Double ? 'number' : undefined
}

/** Unit and range, where the variable is an analogue item (OPC UA Part 8). */
async function propertiesOf(
  session: Session,
  places: readonly Place[],
): Promise<{ unit?: string; range?: readonly [number, number] }[]> {
  const results = await session.browse(
    places.map(({ nodeId }) => ({
      nodeId,
      browseDirection: BrowseDirection.Forward,
      referenceTypeId: 'HasProperty',
      includeSubtypes: true,
      nodeClassMask: NodeClass.Variable,
      resultMask: 0x3f,
    })),
  )
  const wanted = results.flatMap(({ references }, place) =>
    (references ?? [])
      .filter(({ browseName }) => browseName.name === 'EngineeringUnits' || browseName.name === 'EURange')
      .map(({ nodeId, browseName }) => ({ place, name: browseName.name!, nodeId: nodeId.toString() })),
  )
  const found: { unit?: string; range?: readonly [number, number] }[] = places.map(() => ({}))
  if (wanted.length === 0) return found
  const values = await session.read(wanted.map(({ nodeId }) => ({ nodeId, attributeId: AttributeIds.Value })))
  for (const [i, { place, name }] of wanted.entries()) {
    const value = values[i]?.value?.value as {
      displayName?: { text?: string | null }
      low?: number
      high?: number
    } | null
    if (name === 'EngineeringUnits' && value?.displayName?.text) found[place]!.unit = value.displayName.text
    if (name === 'EURange' && value && Number.isFinite(value.low) && Number.isFinite(value.high)) {
      found[place]!.range = [value.low!, value.high!]
    }
  }
  return found
}

/** Indices of namespaces may change from one start of a server to the next; their URIs do not. */
function portable(nodeId: string, namespaces: readonly string[]): string {
  const [, index, rest] = /^ns=(\d+);(.*)$/.exec(nodeId) ?? []
  if (index === undefined || index === '0') return rest ?? nodeId
  const uri = namespaces[Number(index)]
  return uri === undefined ? nodeId : `nsu=${uri};${rest}`
}
