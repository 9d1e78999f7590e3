/** What the YAML parser says, in words for whoever wrote the file: what is wrong there, and what to write instead. */
import type { ErrorCode } from 'yaml'

const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: '* names what & marked elsewhere, and takes no mark of its own',
  BAD_ALIAS:
    '* stands for what & marks elsewhere, and nothing is marked so; text that begins with * is written in quotes',
  BAD_COLLECTION_TYPE: 'the mark before it says list or mapping, and it is not one',
  BAD_DIRECTIVE: 'a line that begins with % is an instruction to YAML, and this is none that it knows',
  BAD_DQ_ESCAPE: 'in double quotes \\ begins an escape, and this is none; use single quotes, or \\\\',
  BAD_INDENT:
    'the line is not indented as those it belongs to: items of one list, and keys of one mapping, begin in one column',
  BAD_PROP_ORDER: 'marks (& and !) stand before the value, not here',
  BAD_SCALAR_START: 'a value does not begin with %, @ or `: write it in quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a second "key: value" begins here: write a value that has ": " in it in quotes, and indent the next line no deeper than this one',
  BLOCK_IN_FLOW: 'a [ or { that was opened before is not closed, or a comma is missing before this',
  DUPLICATE_KEY: 'the key stands a second time in the same mapping; keep one of them',
  KEY_OVER_1024_CHARS: 'there is no ":" where a key should end',
  MISSING_CHAR: 'a sign is missing before this: a comma, a space behind ":", a closing quote or bracket',
  MULTILINE_IMPLICIT_KEY:
    'the line is no "key: value": see that ":" has a space behind it, and that the line is indented as those around it',
  MULTIPLE_ANCHORS: 'a value has one & mark',
  MULTIPLE_DOCS: 'a line of --- begins a second document; what follows belongs into a file of its own',
  MULTIPLE_TAGS: 'a value has one ! mark',
  NON_STRING_KEY: 'a key is a word, not a list or a mapping',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'a value has no ! mark here',
  UNEXPECTED_TOKEN: 'this does not belong here: a bracket or quote too many, or one missing before it',
}

/** Punctuation of Chinese input methods, and what YAML means by it. */
const FULL_WIDTH: Readonly<Record<string, string>> = {
  '：': ':',
  '，': ',',
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '｛': '{',
  '｝': '}',
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '＃': '#',
  '－': '-',
  '\u3000': 'a space',
}

/** The sentence for a syntax error. `line` is the line it stands in: full-width punctuation in it is likely the reason. */
export function yamlProblem(
  { code, message }: { readonly code: ErrorCode; readonly message: string },
  line: string,
): string {
  const unquoted = line.replace(/"[^"]*"|'[^']*'/g, '')
  // The parser's one code for both: what is said of indentation does not help whoever left a bracket open.
  const open = code === 'BAD_INDENT' && /^Flow /.test(message)
  return `YAML: ${WORDS[open ? 'BLOCK_IN_FLOW' : code] ?? message}${fullWidthHint(unquoted)}`
}

/** `; ： is full-width (全角): write :`, where a text has such a sign. */
export function fullWidthHint(text: string): string {
  const found = Object.keys(FULL_WIDTH).find((sign) => text.includes(sign))
  return found === undefined ? '' : `; ${found} is full-width (全角): write ${FULL_WIDTH[found]}`
}
