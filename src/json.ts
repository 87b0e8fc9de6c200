/** Plain JSON: what steps take and return, and what the ledger keeps. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
