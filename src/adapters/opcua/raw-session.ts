/** The session with its services as the protocol has them; the library's own subscription object keeps no bound. */
import type { ClientSession, ClientSessionPublishService, ClientSessionRawSubscriptionService } from 'node-opcua'

export type RawSession = ClientSession & ClientSessionRawSubscriptionService & ClientSessionPublishService
