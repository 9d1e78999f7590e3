/** What a snapshot, a journal entry or a message may be made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }
