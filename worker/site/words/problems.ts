import type { ErrorCode } from "../../errors.ts";
import { currentLanguage } from "./words.ts";

/** What only the page can meet. */
export type PageCode = "offline" | "no_answer" | "no_network" | "demo_used" | "rate_limited";
type Known = Partial<Record<ErrorCode | PageCode, readonly [en: string, ko: string]>>;

/** Errors in words; what is not here is told in the API's own (English) words. */
const PROBLEMS: Known = {
  offline: ["The Worker cannot be reached.", "Worker에 연결할 수 없습니다."],
  no_answer: [
    "The Worker answered something unexpected.",
    "Worker가 예상하지 못한 응답을 보냈습니다.",
  ],
  no_network: [
    "The network could not be started in this browser.",
    "이 브라우저에서 네트워크를 시작하지 못했습니다.",
  ],
  demo_used: ["The demo allowance is used up.", "데모 사용량을 모두 썼습니다."],
  rate_limited: ["Too many pictures in a short time.", "짧은 시간에 사진을 너무 많이 보냈습니다."],
  empty_body: ["This file is empty.", "빈 파일입니다."],
  unauthorized: ["A valid key is needed.", "유효한 키가 필요합니다."],
  closed: [
    "This Worker is closed: its operator has set no key.",
    "이 Worker는 닫혀 있습니다. 운영자가 키를 설정하지 않았습니다.",
  ],
  image_too_large: [
    "This file is too large: 20 MB is the most.",
    "파일이 너무 큽니다. 최대 20 MB까지 가능합니다.",
  ],
  body_too_large: ["This file is too large.", "파일이 너무 큽니다."],
  too_many_pixels: ["This picture has too many pixels.", "사진의 픽셀 수가 너무 많습니다."],
  unsupported_type: ["This kind of file cannot be read.", "읽을 수 없는 파일 형식입니다."],
  corrupt_image: ["This picture is damaged.", "손상된 사진입니다."],
  busy: ["Too many pictures at once.", "동시에 처리하는 사진이 너무 많습니다."],
  internal: ["Something failed in the Worker.", "Worker에서 오류가 발생했습니다."],
};

/** A failure that is told to the person; `code` is the API's or the page's own. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: string;
  /** The API's own words, where it said more. */
  readonly detail: string;
  readonly retryAfter: number | undefined;

  constructor(code: string, detail = "", retryAfter?: number) {
    super(`${code}: ${detail}`);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** In the current language. */
  get words(): string {
    const known = PROBLEMS[this.code as ErrorCode | PageCode];
    return known?.[currentLanguage() === "ko" ? 1 : 0] ?? (this.detail || this.code);
  }
}

/** Anything thrown, as something that can be told. */
export const problemFrom = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem("internal", String(error));
