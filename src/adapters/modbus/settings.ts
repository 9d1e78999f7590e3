/** Settings of a Modbus source: one host or serial line, the slaves behind it, and their register map. */
import Type, { type Static } from 'typebox'
import { DurationSchema } from '../../model/duration-schema.ts'

const HEXADECIMAL = '"0x…" of at most 16 hexadecimal digits, in quotes'

const PointSettings = Type.Object(
  {
    point: Type.String({ minLength: 1, description: 'Id of the point, as the site declares it' }),
    table: Type.Union(
      [Type.Literal('holding'), Type.Literal('input'), Type.Literal('coil'), Type.Literal('discrete')],
      {
        default: 'holding',
        description: 'Holding registers (function 3), input registers (4), coils (1), discrete inputs (2)',
      },
    ),
    address: Type.Integer({
      minimum: 0,
      maximum: 65_535,
      description: 'Protocol address of the first register or bit, from 0: "40001" in a manual is holding 0',
    }),
    type: Type.Optional(
      Type.Union(
        [
          Type.Literal('u16'),
          Type.Literal('i16'),
          Type.Literal('u32'),
          Type.Literal('i32'),
          Type.Literal('f32'),
          Type.Literal('u64'),
          Type.Literal('i64'),
          Type.Literal('f64'),
          Type.Literal('bool'),
          Type.Literal('bits'),
        ],
        { description: 'How the registers are read. Left out: u16 for registers, bool for coils and discrete inputs' },
      ),
    ),
    order: Type.Union([Type.Literal('ABCD'), Type.Literal('CDAB'), Type.Literal('BADC'), Type.Literal('DCBA')], {
      default: 'ABCD',
      description:
        'Order of bytes and words. ABCD: big-endian, high word first. CDAB: low word first. BADC: bytes swapped. DCBA: little-endian',
    }),
    scale: Type.Number({ default: 1, description: 'Value = raw × scale + offset' }),
    offset: Type.Number({ default: 0, description: "Added after scaling, in the point's unit" }),
    mask: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 65_535, description: 'Bits of the register that count (bool, bits)' }),
    ),
    bit: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 15,
        description: 'The one bit of the register that counts (bool); 0 is the lowest',
      }),
    ),
    sentinels: Type.Array(
      Type.Union([Type.Number(), Type.String({ pattern: '^0x[0-9A-Fa-f]{1,16}$', expects: HEXADECIMAL })], {
        expects: `a number, or ${HEXADECIMAL}`,
      }),
      {
        default: [],
        description: 'Raw values, before scaling, that mean "no value": quality bad. 64-bit ones as "0x…" strings',
      },
    ),
  },
  { additionalProperties: false },
)

const SlaveSettings = Type.Object(
  {
    unit: Type.Integer({ minimum: 0, maximum: 255, description: 'Unit identifier (slave address)' }),
    every: DurationSchema({ default: '1s', description: 'Time between the starts of two polls' }),
    timeout: DurationSchema({ default: '1s', description: 'How long an answer may take' }),
    points: Type.Array(PointSettings, { minItems: 1, description: 'Register map' }),
  },
  { additionalProperties: false },
)

const SerialSettings = Type.Object(
  {
    path: Type.String({ minLength: 1, description: 'Device of the line, e.g. /dev/ttyUSB0 or /dev/serial/by-id/…' }),
    baudRate: Type.Integer({ minimum: 300, maximum: 4_000_000, default: 9_600, description: 'Bits a second' }),
    parity: Type.Union([Type.Literal('none'), Type.Literal('even'), Type.Literal('odd')], {
      default: 'none',
      description: "As the devices are set; most leave the factory with none, the specification's own default is even",
    }),
    dataBits: Type.Literal(8, { default: 8, expects: '8, which Modbus RTU needs', description: 'RTU needs 8' }),
    stopBits: Type.Union([Type.Literal(1), Type.Literal(2)], { default: 1, description: '1 or 2' }),
  },
  { additionalProperties: false, description: 'A serial line (RS-485, RS-232) at this machine, instead of `host`' },
)

export const ModbusSettings = Type.Object(
  {
    host: Type.Optional(Type.String({ minLength: 1, description: 'Name or address of the device or gateway' })),
    port: Type.Integer({ minimum: 1, maximum: 65_535, default: 502, description: 'TCP port' }),
    framing: Type.Union([Type.Literal('tcp'), Type.Literal('rtu')], {
      default: 'tcp',
      description: 'tcp: Modbus TCP. rtu: serial frames over TCP, as transparent serial device servers pass them on',
    }),
    serial: Type.Optional(SerialSettings),
    site: Type.String({ minLength: 1, description: 'Site whose points these are' }),
    slaves: Type.Array(SlaveSettings, {
      minItems: 1,
      description: 'Devices at this host or line; one, or many behind a gateway',
    }),
  },
  { additionalProperties: false },
)

export type ModbusSettings = Static<typeof ModbusSettings>
export type SerialSettings = Static<typeof SerialSettings>
export type SlaveSettings = Static<typeof SlaveSettings>
export type PointSettings = Static<typeof PointSettings>
