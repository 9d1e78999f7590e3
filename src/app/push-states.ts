/** How a source stands that has no link of its own. */

/** Of a source that connects for each batch: never heard since the service started; heard when its points are due; overdue by some
 *  of them; overdue by all. */
export const PUSH_STATES = ['unheard', 'live', 'late', 'silent'] as const
export type PushState = (typeof PUSH_STATES)[number]
