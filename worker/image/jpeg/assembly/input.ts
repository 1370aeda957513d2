/** The file, seen through a window: the host copies the next bytes in when they are needed. */

// @ts-ignore: decorator
@external("host", "read")
declare function hostRead(to: usize, room: i32): i32;

const ROOM: i32 = 65536;
/** Reads of 16 bytes may begin at the last byte of the file. */
const PAD: i32 = 64;
const WINDOW: usize = memory.data(65600, 16);

/** The next byte to look at. */
export let at: usize = WINDOW;
/** One past the last byte of the file that is in the window. */
export let end: usize = WINDOW;
let atEnd: bool = false;

export function openInput(): void {
  at = WINDOW;
  end = WINDOW;
  atEnd = false;
}

// @ts-ignore: decorator
@inline
export function moveTo(address: usize): void {
  at = address;
}

/**
 * Makes `bytes` (at most 32 kB) readable at `at`; false where the file ends before.
 * Past the end lie EOI markers, so that a scan which runs off the file finds one.
 */
export function ensure(bytes: i32): bool {
  if (<i32>(end - at) >= bytes) return true;
  if (atEnd) return false;
  const rest = at < end ? <i32>(end - at) : 0;
  memory.copy(WINDOW, at, rest);
  at = WINDOW;
  let filled = rest;
  while (filled < ROOM) {
    const got = hostRead(WINDOW + filled, ROOM - filled);
    if (got <= 0) {
      atEnd = true;
      break;
    }
    filled += got;
  }
  end = WINDOW + filled;
  for (let i = 0; i < PAD; i += 2) store<u16>(end + i, 0xd9ff);
  return filled >= bytes;
}

/** Whether reading has come to the end of the file itself. */
export function exhausted(): bool {
  return atEnd && at >= end;
}

// @ts-ignore: decorator
@inline
export function byteAt(offset: i32): i32 {
  return load<u8>(at + offset);
}

/** Two bytes, most significant first (ITU-T T.81, B.1.1.1). */
// @ts-ignore: decorator
@inline
export function wordAt(offset: i32): i32 {
  return (byteAt(offset) << 8) | byteAt(offset + 1);
}

/** Passes over `bytes` bytes; false where the file ends before. */
export function skip(bytes: i32): bool {
  let left = bytes;
  while (left > 0) {
    if (!ensure(1)) return false;
    const have = <i32>(end - at);
    const step = min(have, left);
    at += step;
    left -= step;
  }
  return true;
}

/**
 * The next marker that is neither stuffing nor a restart, in a scan that nobody needs; `at` is
 * left behind it. 0 where the file ends.
 */
export function nextMarker(): i32 {
  const ff = i8x16.splat(-1);
  while (true) {
    if (<i32>(end - at) < 32) {
      ensure(32);
      if (at >= end) return 0;
    }
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), ff));
    if (found == 0) {
      at += 16;
      continue;
    }
    at += ctz(found);
    const code = byteAt(1);
    if (at + 1 >= end) return 0;
    if (code == 0xff) {
      at += 1;
    } else if (code == 0 || (code >= 0xd0 && code <= 0xd7)) {
      at += 2;
    } else {
      at += 2;
      return code;
    }
  }
}
