/** The address space: a folder a site, its areas within, their points as variables; nothing of it can be written by a client. */
import {
  type AddressSpace,
  DataType,
  type Namespace,
  type StatusCode,
  StatusCodes,
  standardUnits,
  type UAObject,
  type UAVariable,
  Variant,
} from 'node-opcua'
import type { Text } from '../../model/text.ts'
import type { Plant, PlantPoint, PointValue } from './protocol.ts'

/** Under which every node of ours is named, whatever its index. */
export const NAMESPACE = 'urn:davylamp'

const TYPES = { number: DataType.Double, boolean: DataType.Boolean, state: DataType.String } as const

export interface Space {
  readonly namespace: Namespace
  /** A text in the language of the installation, with its locale. */
  say(text: Text): { readonly locale: string; readonly text: string }
  /** What a condition is of: the point's variable, else the area, else the site; undefined where the site is not configured. */
  sourceOf(of: {
    site: string
    area?: string
    point?: number
  }): { node: UAObject | UAVariable; folder: UAObject } | undefined
  /** The quality of a point now. */
  quality(point: number): StatusCode
  /** Puts values in; returns the points whose quality changed. */
  take(values: readonly PointValue[]): readonly number[]
}

export function buildSpace(space: AddressSpace, { plant, language }: { plant: Plant; language: 'zh' | 'en' }): Space {
  const namespace = space.registerNamespace(NAMESPACE)
  const { objects } = space.rootFolder
  const locale = language === 'zh' ? 'zh-CN' : 'en'
  const say = (text: Text) => ({ locale, text: text[language] })
  const folders = new Map<string, UAObject>()
  const variables: UAVariable[] = []
  const sources = new Set<UAVariable>()

  for (const { id, name, areas } of plant.sites) {
    const site = namespace.addObject({
      nodeId: `s=site/${id}`,
      browseName: id,
      displayName: say(name),
      organizedBy: objects,
      typeDefinition: 'FolderType',
      eventNotifier: 1,
      notifierOf: objects.server,
    })
    folders.set(id, site)
    for (const area of areas) {
      const parent = (area.in !== undefined && folders.get(`${id}\n${area.in}`)) || site
      const folder = namespace.addObject({
        nodeId: `s=area/${id}/${area.id}`,
        browseName: area.id,
        displayName: say(area.name),
        organizedBy: parent,
        typeDefinition: 'FolderType',
        eventNotifier: 1,
        notifierOf: parent,
      })
      folders.set(`${id}\n${area.id}`, folder)
    }
  }
  const folderOf = ({ site, area }: { site: string; area?: string }) =>
    (area !== undefined && folders.get(`${site}\n${area}`)) || folders.get(site)
  for (const point of plant.points) variables.push(addPoint(namespace, { point, folder: folderOf(point)! }))

  return {
    namespace,
    say,
    sourceOf(of) {
      const folder = folderOf(of)
      if (!folder) return undefined
      const variable = of.point === undefined ? undefined : variables[of.point]
      if (variable && !sources.has(variable)) {
        folder.addReference({ referenceType: 'HasEventSource', nodeId: variable.nodeId })
        sources.add(variable)
      }
      return { node: variable ?? folder, folder }
    },
    quality: (point) => variables[point]!.readValue().statusCode,
    take(values) {
      const changed: number[] = []
      for (const { point, value, status, at } of values) {
        const variable = variables[point]
        if (!variable) continue
        const code = statusCode(status)
        if (variable.readValue().statusCode !== code) changed.push(point)
        const dataType = value === null ? DataType.Null : TYPES[plant.points[point]!.shape]
        variable.setValueFromSource(new Variant({ dataType, value }), code, new Date(at))
      }
      return changed
    },
  }
}

function addPoint(namespace: Namespace, { point, folder }: { point: PlantPoint; folder: UAObject }): UAVariable {
  const { site, id, shape, unit, range, limits } = point
  const options = {
    nodeId: `s=point/${site}/${id}`,
    browseName: id,
    componentOf: folder,
    dataType: TYPES[shape],
    accessLevel: 'CurrentRead',
    userAccessLevel: 'CurrentRead',
    minimumSamplingInterval: 0,
  } as const
  const variable =
    unit !== undefined && range
      ? namespace.addAnalogDataItem({
          ...options,
          engineeringUnits: unitOf(unit),
          engineeringUnitsRange: { low: range[0], high: range[1] },
        })
      : namespace.addVariable({ ...options, typeDefinition: 'DataItemType' })
  for (const { level, high, low } of limits) {
    namespace.addVariable({
      nodeId: `s=limit/${site}/${id}:${level}`,
      browseName: `${level}.${high !== undefined ? 'high' : 'low'}`,
      propertyOf: variable,
      dataType: DataType.Double,
      accessLevel: 'CurrentRead',
      userAccessLevel: 'CurrentRead',
      value: { dataType: DataType.Double, value: high ?? low },
    })
  }
  variable.setValueFromSource(new Variant({ dataType: DataType.Null }), StatusCodes.BadWaitingForInitialData)
  return variable
}

/** UN/CEFACT's code where the library knows the unit by its sign; a bare name otherwise. */
function unitOf(unit: string) {
  const known = Object.values(standardUnits).find(({ displayName }) => displayName?.text === unit)
  return known ?? { namespaceUri: NAMESPACE, unitId: -1, displayName: { text: unit }, description: { text: unit } }
}

/** The StatusCode of a name that this house uses. */
export function statusCode(name: string): StatusCode {
  return (StatusCodes as unknown as Record<string, StatusCode | undefined>)[name] ?? StatusCodes.Bad
}
