/** Keeps a fault in one part of the page from taking the rest with it. */
import { Component, type ReactNode } from 'react'

interface Props {
  readonly title: string
  readonly again: string
  readonly children: ReactNode
}

/** A class, because React asks for one here. */
export class Boundary extends Component<Props, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {}

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div className="state-box" data-tone="error" role="alert">
        <b>{this.props.title}</b>
        <span className="mono">{error.message}</span>
        <button type="button" onClick={() => location.reload()}>
          {this.props.again}
        </button>
      </div>
    )
  }
}
