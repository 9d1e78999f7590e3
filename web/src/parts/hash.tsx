/** A hash as people compare it. */

/** Short to read, whole to copy. */
export function Hash({ of }: { of: string }) {
  return (
    <code className="mono hash" title={of}>
      {of.length > 20 ? `${of.slice(0, 16)}…` : of}
    </code>
  )
}
