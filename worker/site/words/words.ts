/** Every word on the page, in both languages. `{name}` is filled in. */
const WORDS = {
  title: ["Hemline: tags for clothing photographs", "Hemline: 의류 사진 태그"],
  lead: [
    "What is in a photograph of clothing: category, attributes, landmarks, colours.",
    "옷 사진 한 장에서 종류, 속성, 랜드마크, 색상을 읽어 냅니다.",
  ],
  drop: ["Drop pictures or a folder here", "사진이나 폴더를 여기에 놓으세요"],
  dropHint: ["or paste one, or choose", "붙여넣거나 직접 고를 수도 있습니다"],
  choosePictures: ["Choose pictures", "사진 선택"],
  chooseFolder: ["Choose a folder", "폴더 선택"],
  formats: [
    "JPEG, PNG, WebP, GIF, AVIF, up to 20 MB each",
    "JPEG, PNG, WebP, GIF, AVIF, 장당 20 MB까지",
  ],
  samples: ["Or try one of these", "예시로 해 보기"],
  sample: ["Sample: {name}", "예시: {name}"],
  where: ["Where it runs", "실행 위치"],
  edge: ["On the edge", "엣지에서"],
  device: ["In this browser", "이 브라우저에서"],
  edgeHint: [
    "Pictures are sent to this Worker and not kept.",
    "사진은 이 Worker로 전송되며 저장되지 않습니다.",
  ],
  deviceHint: [
    "Pictures stay on this device: the same network runs here.",
    "사진은 이 기기를 떠나지 않습니다. 같은 네트워크가 여기서 실행됩니다.",
  ],
  language: ["한국어", "English"],
  dark: ["Dark theme", "어두운 테마"],
  loading: ["Loading the network …", "네트워크를 불러오는 중 …"],
  tagging: ["Tagging …", "태그를 다는 중 …"],
  done: ["Done: {category}.", "완료: {category}."],
  startAgain: ["Start again", "새로 시작"],
  again: ["Try again", "다시 시도"],
  back: ["Back to the table", "표로 돌아가기"],
  picture: ["Picture", "사진"],
  tags: ["Tags", "태그"],
  category: ["Category", "종류"],
  noGarment: ["No garment", "옷 없음"],
  colors: ["Colours", "색상"],
  landmarks: ["Landmarks", "랜드마크"],
  noLandmarks: ["no landmarks", "랜드마크 없음"],
  pictureOf: ["{file}, {landmarks}", "{file}, {landmarks}"],
  heatmap: ["Heatmap", "히트맵"],
  heatmapOf: ["Heatmap of {name}", "{name} 히트맵"],
  json: ["JSON", "JSON"],
  copy: ["Copy", "복사"],
  copied: ["Copied", "복사됨"],
  noCopy: ["The browser did not let it be copied.", "브라우저가 복사를 허용하지 않았습니다."],
  edgeTime: ["{ms} ms there and back", "왕복 {ms} ms"],
  deviceTime: ["{ms} ms on this device", "이 기기에서 {ms} ms"],
  thread: ["1 thread", "스레드 1개"],
  threads: ["{n} threads", "스레드 {n}개"],
  pixels: ["{width} × {height}, {format}", "{width} × {height}, {format}"],
  noPreview: [
    "This browser cannot show the picture.",
    "이 브라우저에서는 사진을 표시할 수 없습니다.",
  ],
  batch: ["{n} pictures", "사진 {n}장"],
  progress: ["{done} of {n} done", "{n}장 중 {done}장 완료"],
  failedCount: [", {failed} failed", ", {failed}장 실패"],
  remaining: [", about {time} left", ", 약 {time} 남음"],
  leftOut: ["Left out, not being pictures: {n}", "사진이 아니어서 제외한 파일: {n}개"],
  stop: ["Stop", "중지"],
  stopped: ["stopped", "중지됨"],
  waiting: ["waiting", "대기 중"],
  file: ["File", "파일"],
  attributes: ["Attributes", "속성"],
  time: ["Time", "시간"],
  open: ["Open {file}", "{file} 열기"],
  downloadCsv: ["Download CSV", "CSV 내려받기"],
  downloadJson: ["Download JSON", "JSON 내려받기"],
  noPictures: ["There is no picture among these files.", "선택한 파일 중에 사진이 없습니다."],
  adminTitle: ["This needs the administrator's token", "관리자 토큰이 필요합니다"],
  admin: ["Token", "토큰"],
  keyTitle: ["This Worker asks for a key", "이 Worker는 키가 필요합니다"],
  keyHint: [
    "It is kept for this tab and forgotten when the tab closes.",
    "이 탭에서만 보관되며 탭을 닫으면 지워집니다.",
  ],
  keyWrong: ["It was not accepted.", "승인되지 않았습니다."],
  key: ["API key", "API 키"],
  use: ["Continue", "계속"],
  cancel: ["Cancel", "취소"],
  seconds: ["{n} s", "{n}초"],
  hours: ["{n} h", "{n}시간"],
  minutes: ["{n} min", "{n}분"],
  waitFor: ["Try again in {n} seconds.", "{n}초 뒤에 다시 시도하세요."],
  backfills: ["Backfills", "일괄 처리"],
  backfillsHint: [
    "Buckets whose pictures are tagged in the background.",
    "버킷의 사진에 백그라운드에서 태그를 답니다.",
  ],
  noBackfills: [
    "None yet. POST /v1/backfills begins one.",
    "아직 없습니다. POST /v1/backfills로 시작합니다.",
  ],
  bucket: ["Bucket", "버킷"],
  status: ["Status", "상태"],
  running: ["running", "진행 중"],
  listing: ["running, still counting", "진행 중, 집계 중"],
  paused: ["paused", "일시 중지"],
  cancelled: ["cancelled", "취소됨"],
  finished: ["done", "완료"],
  rate: ["{rate} a second", "초당 {rate}장"],
  pause: ["Pause", "일시 중지"],
  resume: ["Resume", "재개"],
  cancelBackfill: ["Cancel", "취소"],
  ofBackfill: ["{action}: {bucket}", "{bucket}: {action}"],
  home: ["Tag pictures", "사진 태그 달기"],
  docs: ["API reference", "API 문서"],
  skip: ["Skip to the content", "본문으로 건너뛰기"],
} as const satisfies Record<string, readonly [en: string, ko: string]>;

export const LANGUAGES = ["en", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];
export type Word = keyof typeof WORDS;

let language: Language = "en";

export const currentLanguage = (): Language => language;
export function setLanguage(chosen: Language): void {
  language = chosen;
}

/** A text in the current language. */
export function say(word: Word, values: Record<string, string | number> = {}): string {
  const text = WORDS[word][LANGUAGES.indexOf(language)] as string;
  return text.replaceAll(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

export const inPercent = (share: number): string => `${Math.round(share * 100)}`;
