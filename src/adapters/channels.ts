/** Every kind of channel for notifications, one line each; loaded only where it is configured. */
import type { ChannelAdapter } from '../model/notification.ts'

export const CHANNELS: Readonly<Record<string, () => Promise<ChannelAdapter>>> = {
  webhook: async () => (await import('./notify-webhook/index.ts')).webhook as ChannelAdapter,
  mail: async () => (await import('./notify-mail/index.ts')).mail as ChannelAdapter,
  dingtalk: async () => (await import('./notify-robots/dingtalk/index.ts')).dingtalk as ChannelAdapter,
  wecom: async () => (await import('./notify-robots/wecom/index.ts')).wecom as ChannelAdapter,
  feishu: async () => (await import('./notify-robots/feishu/index.ts')).feishu as ChannelAdapter,
  sms: async () => (await import('./notify-sms/index.ts')).sms as ChannelAdapter,
}
