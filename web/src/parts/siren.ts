/** The tone of unacknowledged critical alarms: two soft notes every few seconds, made in the browser. */
import { useEffect, useState } from 'react'

const EVERY = 2_500
let audio: AudioContext | undefined

function note(context: AudioContext, { pitch, at }: { pitch: number; at: number }): void {
  const tone = context.createOscillator()
  const gain = context.createGain()
  tone.type = 'triangle'
  tone.frequency.value = pitch
  gain.gain.setValueAtTime(0, at)
  gain.gain.linearRampToValueAtTime(0.35, at + 0.02)
  gain.gain.exponentialRampToValueAtTime(0.001, at + 0.32)
  tone.connect(gain).connect(context.destination)
  tone.start(at)
  tone.stop(at + 0.34)
}

/** Sounds while `sounding`; says whether the browser holds the sound back until somebody clicks. */
export function useSiren(sounding: boolean): boolean {
  const [blocked, setBlocked] = useState(false)
  useEffect(() => {
    if (!sounding) return
    try {
      audio ??= new AudioContext()
    } catch {
      return // no sound device: the page still flashes
    }
    const context = audio
    const play = () => {
      const held = context.state !== 'running'
      setBlocked(held)
      if (held) return void context.resume().catch(() => {})
      note(context, { pitch: 880, at: context.currentTime })
      note(context, { pitch: 660, at: context.currentTime + 0.36 })
    }
    play()
    const timer = setInterval(play, EVERY)
    addEventListener('pointerdown', play, { once: true })
    return () => {
      clearInterval(timer)
      removeEventListener('pointerdown', play)
      setBlocked(false)
    }
  }, [sounding])
  return blocked
}
