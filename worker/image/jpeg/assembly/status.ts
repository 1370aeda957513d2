/** What a call returns; `../errors.ts` says it in words. Zero is success. */
export const OK: i32 = 0;
export const CUT_SHORT: i32 = 1;
export const NOT_JPEG: i32 = 2;
export const BAD_SEGMENT: i32 = 3;
export const BAD_TABLE: i32 = 4;
export const BAD_CODE: i32 = 5;
export const BAD_FRAME: i32 = 6;
export const BAD_SCAN: i32 = 7;
export const BAD_RESTART: i32 = 8;
export const MISSING_TABLE: i32 = 9;
export const UNSUPPORTED_PROCESS: i32 = 10;
export const UNSUPPORTED_PRECISION: i32 = 11;
export const UNSUPPORTED_COMPONENTS: i32 = 12;
export const TOO_MANY_SCANS: i32 = 13;
export const OUT_OF_MEMORY: i32 = 14;
